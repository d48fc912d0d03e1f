import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import { type ErrorCode, problemMediaType, Refusal, toProblem } from '@libs/errors';

import type { Snapshot } from '../runtime/snapshot.js';
import type { GatewayContext } from '../request/gateway-context.js';

const codeByParserError: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'REQUEST_HEADERS_TOO_LARGE',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'REQUEST_BODY_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
};

/** Whether Node's parser says it, and not the connection. */
export const isOfParser = ({ code = '' }: NodeJS.ErrnoException): boolean =>
  code.startsWith('HPE_') || Object.hasOwn(codeByParserError, code);

/** What Node's parser means by its error. `rawPacket` tells a long address from long headers. */
export function refusalOfParser(
  error: NodeJS.ErrnoException & { rawPacket?: Buffer },
  { configuration }: Snapshot,
): Refusal {
  const code = codeByParserError[error.code ?? ''] ?? 'REQUEST_MALFORMED';
  const firstLineEnd = error.rawPacket?.indexOf('\n') ?? 0;
  const isLongAddress =
    code === 'REQUEST_HEADERS_TOO_LARGE' && (firstLineEnd === -1 || firstLineEnd > configuration.limits.uriBytes);
  return new Refusal(isLongAddress ? 'REQUEST_URI_TOO_LONG' : code, { internal: error.message });
}

/** Answers on the bare connection, because there is no request to answer, and ends it. */
export function answerOnSocket(socket: Socket, context: GatewayContext, refusal: Refusal): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(toProblem(refusal, { instance: context.path, requestId: context.requestId }));
  const { status } = refusal.entry;
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      `content-type: ${problemMediaType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      'cache-control: no-store',
      `x-request-id: ${context.requestId}`,
      `x-trace-id: ${context.facts.trace.traceId}`,
      '',
      body,
    ].join('\r\n'),
  );
}
