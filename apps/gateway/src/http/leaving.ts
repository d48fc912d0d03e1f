import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest, Http2Session, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';

import { isHttp2 } from './is-http2.js';

/** How long what is on a connection may go on when its client has gone, or has said that it goes. */
const leavingMs = 500;

const leaving = new WeakSet<Http2Session>();

/**
 * A client of HTTP/2 that closes its side hears no more either: nothing on the connection is worth an answer. Node leaves
 * such a connection of a plain port open for as long as its requests run, because HTTP/1 may go on with one half.
 */
export function followLeaving(session: ServerHttp2Session, socket: Socket): void {
  socket.once('end', () => {
    session.close();
    setTimeout(() => session.destroy(), leavingMs).unref();
  });
  // What it has sent is still answered (RFC 9113 §6.8), but nobody waits for what it only announced.
  session.once('goaway', () => void leaving.add(session));
}

/** How long a body may bring nothing, if its client has said goodbye. */
export function graceOfLeaving(request: IncomingMessage): number | undefined {
  if (!isHttp2(request)) return undefined;
  const { session } = (request as unknown as Http2ServerRequest).stream;
  return session !== undefined && leaving.has(session) ? leavingMs : undefined;
}
