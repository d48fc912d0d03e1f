import { isReservedHeader } from '@libs/trusted-headers';

import { hopByHopHeaders, spelling } from './header-rules.js';

const writtenByTheGateway = new Set(['host', 'content-length', 'expect', 'via', 'traceparent', 'tracestate']);

/** Why a configuration may not touch a header field, or undefined if it may. */
export function whyNotSettable(name: string): string | undefined {
  if (isReservedHeader(name)) return 'says who the caller is; only the gateway writes it';
  if (hopByHopHeaders.has(spelling(name))) return 'belongs to one connection and does not pass (RFC 9110 §7.6.1)';
  if (writtenByTheGateway.has(spelling(name))) return 'is written by the gateway alone';
  return undefined;
}
