import { hasMember } from '../../http/list-field.js';
import type { AnswerHead } from '../../upstream/wire/upstream-call.js';

/** RFC 6455 §4.2.2. An instance that changes to anything else was not asked to. */
export function grantsWebSocket({ headers, connection }: AnswerHead): boolean {
  const index = headers.findIndex((name, at) => at % 2 === 0 && name === 'upgrade');
  return headers[index + 1]?.toLowerCase() === 'websocket' && hasMember(connection ?? '', 'upgrade');
}
