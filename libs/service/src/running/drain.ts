import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Server as TlsServer } from 'node:tls';

import type { FastifyInstance } from 'fastify';

const lookEveryMs = 50;

/**
 * A connection that is idle now may carry a request the next moment, and closing it would lose that one. So clients
 * may send one more, whose answer tells them to go elsewhere; what is still idle after this time is closed.
 */
const lastChanceMs = 300;

/**
 * Prepares a server for a stop that loses no request. The function that it returns takes no more connections, lets the
 * running requests end, telling clients to take their next one elsewhere, and after `limitMs` cuts those that have not.
 */
export function drainable(fastify: FastifyInstance): (limitMs: number) => Promise<void> {
  const { server } = fastify;
  const sockets = new Set<Socket>();
  let isDraining = false;

  // Over TLS the connection itself has read the handshake; what counts is what came through it.
  const opened = server instanceof TlsServer ? 'secureConnection' : 'connection';
  server.on(opened, (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (isDraining) void reply.header('connection', 'close');
    done(null, payload);
  });

  return async (limitMs) => {
    isDraining = true;
    if (server.listening) await close(server, sockets, limitMs);
  };
}

async function close(server: Server, sockets: ReadonlySet<Socket>, limitMs: number): Promise<void> {
  const letGo = (): void => {
    server.closeIdleConnections();
    // Opened ahead of need by a browser or a pool: for the server they are not idle before their first request.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };
  const begunAt = performance.now();
  const looking = setInterval(() => {
    if (performance.now() - begunAt > lastChanceMs) letGo();
  }, lookEveryMs);
  const cutting = setTimeout(() => {
    server.closeAllConnections();
    // What became a WebSocket is no connection of HTTP any more; the server waits for it all the same.
    for (const socket of sockets) socket.destroy();
  }, limitMs);
  // The close of an HTTP server closes what is idle at once; that of a plain one only takes no more connections.
  await new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  clearInterval(looking);
  clearTimeout(cutting);
  // Answers hear of the end of their connections after the server does, and have something to write down about it.
  await nextTurn();
}
