import type { IncomingMessage } from 'node:http';

/** How long a client may go on sending a body that nobody reads. */
const patienceMs = 2_000;

/**
 * Lets a client finish sending a body that was answered before it was read. Closing at once would reset the
 * connection, and the client would lose the answer that explains why (RFC 9112 §9.6).
 */
export function discardUnreadBody(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  const timer = setTimeout(() => request.socket.destroy(), patienceMs).unref();
  request.once('close', () => clearTimeout(timer));
  request.once('end', () => clearTimeout(timer));
  request.on('error', () => clearTimeout(timer));
  request.resume();
}
