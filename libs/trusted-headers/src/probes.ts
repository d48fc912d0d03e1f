/** Whoever looks how a process does comes every few seconds, and is worth neither a line nor a span. */
const probes: ReadonlySet<string> = new Set(['/health', '/ready']);

export const isProbe = (url: string): boolean => probes.has(url.split('?', 1)[0] ?? '');
