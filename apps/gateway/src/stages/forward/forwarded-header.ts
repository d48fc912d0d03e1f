/** RFC 7239. `host` and IPv6 addresses are quoted, because a colon may not stand in a token. */
export const forwardedHeader = (client: string, host: string, protocol: string): string =>
  `for=${client.includes(':') ? `"[${client}]"` : client || 'unknown'};host=${quoted(host)};proto=${protocol}`;

const quoted = (host: string): string => (/^[\w.-]+$/.test(host) ? host : `"${host.replaceAll(/["\\]/g, '')}"`);
