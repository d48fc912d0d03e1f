import type { GatewayContext } from '../gateway-context.js';
import { HeaderRules, namedInConnection } from './header-rules.js';
import type { AnswerHead } from './upstream-call.js';

const rules = HeaderRules.forAnswers();

/** The header fields of the answer, as name, value, name, value: the service's as far as they pass, then ours. */
export function answerHeaders(
  context: GatewayContext,
  { status, headers: upstream, connection }: AnswerHead,
): string[] {
  const headers: string[] = [];
  const named = namedInConnection(connection);
  const { answerHeaders: changes, cors } = context.route;
  let hasChallenge = false;
  for (let index = 0; index < upstream.length; index += 2) {
    const name = upstream[index] ?? '';
    if (!rules.passes(name) || named?.has(name) === true) continue;
    // Lines of Vary add up; of everything else there is one, and it is ours.
    if (Object.hasOwn(context.answerHeaders, name) && name !== 'vary') continue;
    if (changes?.removes(name) === true || (cors !== undefined && name.startsWith('access-control-'))) continue;
    if (name === 'www-authenticate') hasChallenge = true;
    headers.push(name, upstream[index + 1] ?? '');
  }
  if (changes !== undefined) headers.push(...changes.added);
  for (const name in context.answerHeaders) headers.push(name, context.answerHeaders[name] ?? '');
  // RFC 9110 §15.5.2: a 401 says how to authenticate.
  if (status === 401 && !hasChallenge) headers.push('www-authenticate', 'Bearer');
  headers.push('x-request-id', context.requestId, 'x-trace-id', context.facts.trace.traceId);
  return headers;
}
