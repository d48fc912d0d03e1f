import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import { isHttp2 } from '../edge/is-http2.js';

/** Less than the `Retry-After` of the refusal: clients that heed it never notice. */
const pauseMs = 250;

const slowed = new WeakSet<Socket>();

/**
 * Leaves a connection unread for a moment once its refusal is sent. Clients that ask again at once would otherwise
 * have this process do nothing but refuse; what they send stays in the network until there is time for it.
 */
export function slowDown(response: ServerResponse): void {
  // The streams of other requests share the connection.
  if (isHttp2(response.req)) return;
  const { socket } = response.req;
  if (slowed.has(socket)) return;
  slowed.add(socket);
  // Node reads on when the answer has ended, so that is too early.
  response.once('close', () => setImmediate(pause, socket));
}

function pause(socket: Socket): void {
  socket.pause();
  setTimeout(resume, pauseMs, socket).unref();
}

function resume(socket: Socket): void {
  slowed.delete(socket);
  socket.resume();
}
