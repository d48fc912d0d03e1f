/** The name alone: without the port, in lower case, and without the dot that ends a complete name (`a.example.`). */
export function plainHost(host: string): string {
  const colon = host.lastIndexOf(':');
  // A colon before the bracket belongs to an IPv6 address.
  const end = colon > host.lastIndexOf(']') ? colon : host.length;
  const name = host.slice(0, host[end - 1] === '.' ? end - 1 : end);
  return name.toLowerCase();
}
