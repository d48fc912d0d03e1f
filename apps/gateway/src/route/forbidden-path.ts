const forbidden = new Set(['internal', 'actuator']);

/**
 * Whether a path leads to what is never reachable through the gateway, whatever the route table says. Compared as
 * the most generous service would: in any case, and without the `;parameters` that some servers cut off.
 */
export function isForbiddenPath(path: string): boolean {
  const [, first = ''] = path.split('/', 2);
  const [name = ''] = first.split(';', 1);
  return forbidden.has(name.toLowerCase());
}
