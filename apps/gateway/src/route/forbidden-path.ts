const forbidden: ReadonlySet<string> = new Set(['internal', 'actuator']);

/** What a path begins with that could mean one of them. */
const suspicious = /^\/(?:[ai;]|%2F)/i;

/**
 * Whether a path leads to what is never reachable through the gateway, whatever the route table says. Compared as
 * the most generous service would: in any case, without the `;parameters` that some servers cut off, without the
 * empty segments that this leaves, and with encoded slashes read as slashes.
 */
export function isForbiddenPath(path: string): boolean {
  return suspicious.test(path) && forbidden.has(firstName(path));
}

function firstName(path: string): string {
  for (const segment of path.split(/\/|%2F/i)) {
    const [name = ''] = segment.split(';', 1);
    if (name !== '') return name.toLowerCase();
  }
  return '';
}
