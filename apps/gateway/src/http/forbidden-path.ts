const forbidden: ReadonlySet<string> = new Set(['internal', 'actuator']);

/** What a path begins with that could mean one of them. */
const suspicious = /^\/(?:[ai;]|%2[0F]|%3B)/i;

/**
 * Whether a path leads to what is never reachable through the gateway, whatever the route table says. Compared as
 * the most generous service would: in any case, without the `;parameters` that some servers cut off, without the
 * empty segments that this leaves, without blanks and the dots that some file systems drop at the end of a name, and
 * with encoded slashes and semicolons read as such.
 */
export function isForbiddenPath(path: string): boolean {
  return suspicious.test(path) && forbidden.has(firstName(path));
}

function firstName(path: string): string {
  for (const segment of path.split(/\/|%2F/i)) {
    const [beforeParameters = ''] = segment.split(/;|%3B/i, 1);
    const name = beforeParameters.replaceAll(/(?:\.|%20)+$|%20/g, '');
    if (name !== '') return name.toLowerCase();
  }
  return '';
}

/** The one spelling under which the gateway's own actuator may be asked for on its public port. */
export const isOwnActuator = (path: string): boolean => path === '/actuator' || path.startsWith('/actuator/');
