import { sealIdentity } from '@libs/trusted-headers';

import type { GatewayContext } from '../../request/gateway-context.js';
import { forwardedHeader } from './forwarded-header.js';
import { type HeaderRules, namedInConnection } from '../../http/header-rules.js';

export interface Seal {
  /** The name of the service. */
  readonly audience: string;
  readonly key: Buffer;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * The headers of the request to an instance, as name, value, name, value: what the client sent, as far as it
 * passes, and then the ones that only the gateway writes.
 */
export function upstreamHeaders(
  context: GatewayContext,
  rawHeaders: readonly string[],
  { path, rules, via, seal }: { path: string; rules: HeaderRules; via: string; seal: Seal },
): string[] {
  const { facts } = context;
  const headers: string[] = [];
  let cookies = '';
  const named = namedInConnection(facts.headers.connection);
  const changes = context.route.requestHeaders;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!rules.passes(name) || named?.has(name.toLowerCase()) === true) continue;
    if (changes?.removes(name) === true) continue;
    // In HTTP/2 they may come one by one; everybody else expects them together (RFC 9113 §8.2.3).
    if (name === 'cookie')
      cookies = cookies === '' ? (rawHeaders[index + 1] ?? '') : `${cookies}; ${rawHeaders[index + 1]}`;
    else headers.push(name, rawHeaders[index + 1] ?? '');
  }
  if (cookies !== '') headers.push('cookie', cookies);
  if (changes !== undefined) headers.push(...changes.added);

  const sealed = sealIdentity({
    identity: context.identity,
    method: facts.method,
    path,
    requestId: facts.requestId,
    traceId: facts.trace.traceId,
    audience: seal.audience,
    key: seal.key,
    now: seal.now,
  });
  for (const name in sealed) headers.push(name, sealed[name] ?? '');

  headers.push('traceparent', facts.trace.traceparent);
  if (facts.trace.tracestate !== '') headers.push('tracestate', facts.trace.tracestate);
  headers.push('x-forwarded-for', facts.clientAddress, 'x-forwarded-proto', facts.protocol);
  headers.push('x-forwarded-host', facts.host);
  headers.push('forwarded', forwardedHeader(facts.clientAddress, facts.host, facts.protocol));
  headers.push('via', via);
  return headers;
}
