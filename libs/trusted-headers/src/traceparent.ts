import { randomBytes } from 'node:crypto';

const wellFormed = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The header as it came if it belongs to the trace, else a new one of that trace (W3C Trace Context). */
export function traceparentFor(traceId: string, header: unknown): string {
  return typeof header === 'string' && wellFormed.test(header) && header.slice(3, 35) === traceId
    ? header
    : `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
}

export const traceIdOf = (header: unknown): string | undefined =>
  typeof header === 'string' && wellFormed.test(header) ? header.slice(3, 35) : undefined;
