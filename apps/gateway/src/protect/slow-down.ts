import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import { isHttp2 } from '../edge/is-http2.js';

/** Less than the `Retry-After` of the refusal: clients that heed it never notice. */
const pauseMs = 250;

const paused = new WeakSet<Socket>();

/**
 * Leaves a connection unread for a moment. Clients that ask again at once after a refusal would otherwise have this
 * process do nothing but refuse; what they send stays in the network until there is time for it.
 */
export function slowDown(request: IncomingMessage): void {
  // The streams of other requests share the connection.
  if (isHttp2(request)) return;
  const { socket } = request;
  if (paused.has(socket) || socket.destroyed) return;
  paused.add(socket);
  socket.pause();
  setTimeout(() => {
    paused.delete(socket);
    socket.resume();
  }, pauseMs).unref();
}
