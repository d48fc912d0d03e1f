import type { IncomingMessage, ServerResponse } from 'node:http';

import { Refusal } from '@libs/errors';

import type { GatewayContext } from '../gateway-context.js';

export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * The body of the client, piece by piece as the service takes it. It counts while it passes, because a body in
 * chunks does not say beforehand how long it is. The request survives the end of the iteration: its connection
 * is still needed for the answer.
 */
export async function* requestBody(
  context: GatewayContext,
  request: IncomingMessage,
  response: ServerResponse,
): AsyncGenerator<Buffer> {
  const { maxBodyBytes } = context.route;
  if (request.headers.expect !== undefined) response.writeContinue();
  const pieces = request.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  for await (const piece of untilClientIsGone(pieces)) {
    context.bytesIn += piece.length;
    if (context.bytesIn > maxBodyBytes) throw new Refusal('REQUEST_BODY_TOO_LARGE');
    yield piece;
  }
}

/** A connection that the client breaks looks like one that the service breaks, unless it is named here. */
async function* untilClientIsGone(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* pieces;
  } catch (cause) {
    throw new Refusal('REQUEST_CANCELLED', { internal: 'the client broke off its body', cause });
  }
}
