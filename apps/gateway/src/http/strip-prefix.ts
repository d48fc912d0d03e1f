/** A path pattern without the segments it begins with, or undefined if it does not begin with them. */
export function withoutPrefix(path: string, prefix: string): string | undefined {
  const start = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  if (path !== start && !path.startsWith(`${start}/`)) return undefined;
  return path.slice(start.length) || '/';
}
