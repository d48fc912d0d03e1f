import type { IncomingHttpHeaders } from 'node:http';

import type { GatewayContext } from '../gateway-context.js';
import { HeaderRules, namedInConnection } from './header-rules.js';

const rules = HeaderRules.forAnswers();

/** The header fields of the answer, as name, value, name, value: the service's as far as they pass, then ours. */
export function answerHeaders(context: GatewayContext, status: number, upstream: IncomingHttpHeaders): string[] {
  const headers: string[] = [];
  const named = namedInConnection(upstream.connection);
  for (const name in upstream) {
    const value = upstream[name];
    if (value === undefined || !rules.passes(name) || named?.has(name) === true) continue;
    if (Object.hasOwn(context.answerHeaders, name)) continue;
    if (typeof value === 'string') headers.push(name, value);
    else for (const one of value) headers.push(name, one);
  }
  for (const name in context.answerHeaders) headers.push(name, context.answerHeaders[name] ?? '');
  // RFC 9110 §15.5.2: a 401 says how to authenticate.
  if (status === 401 && upstream['www-authenticate'] === undefined) headers.push('www-authenticate', 'Bearer');
  headers.push('x-request-id', context.requestId, 'x-trace-id', context.facts.trace.traceId);
  return headers;
}
