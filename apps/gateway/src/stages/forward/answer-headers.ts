import type { GatewayContext } from '../../request/gateway-context.js';
import { HeaderRules, namedInConnection } from '../../http/header-rules.js';
import type { AnswerHead } from '../../upstream/wire/upstream-call.js';

const rules = HeaderRules.forAnswers();

/**
 * The header fields of the answer, as name, value, name, value: the service's as far as they pass, then ours. 1xx and 204
 * have no length (RFC 9110 §8.6), and that of 205 is nothing (§15.3.6); of 304 and to HEAD it is that of the other answer.
 */
export function answerHeaders(
  context: GatewayContext,
  { status, headers: upstream, connection }: AnswerHead,
): string[] {
  const headers: string[] = [];
  const named = namedInConnection(connection);
  const { answerHeaders: changes, cors } = context.route;
  let hasChallenge = false;
  const hasNoLength = status < 200 || status === 204 || status === 205;
  for (let index = 0; index < upstream.length; index += 2) {
    const name = upstream[index] ?? '';
    if (!rules.passes(name) || named?.has(name) === true) continue;
    if (hasNoLength && name === 'content-length') continue;
    // Lines of Vary add up; of everything else there is one, and it is ours.
    if (Object.hasOwn(context.answerHeaders, name) && name !== 'vary') continue;
    if (changes?.removes(name) === true || (cors !== undefined && name.startsWith('access-control-'))) continue;
    if (name === 'www-authenticate') hasChallenge = true;
    headers.push(name, upstream[index + 1] ?? '');
  }
  if (changes !== undefined) headers.push(...changes.added);
  for (const name in context.answerHeaders) headers.push(name, context.answerHeaders[name] ?? '');
  if (status === 205) headers.push('content-length', '0');
  // RFC 9110 §15.5.2: a 401 says how to authenticate.
  if (status === 401 && !hasChallenge) headers.push('www-authenticate', 'Bearer');
  headers.push('x-request-id', context.requestId, 'x-trace-id', context.facts.trace.traceId);
  return headers;
}
