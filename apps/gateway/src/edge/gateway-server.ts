import { createServer, type RequestListener, type Server } from 'node:http';

import type { LimitsConfig } from '../configuration/limits.schema.js';
import type { Door } from './door.js';

/** How often connections are looked at for being too slow. */
const checkEveryMs = 1_000;

/**
 * Node's server as strict as it can be. Its own limit of headers is a little above ours, so that most of what is
 * too large is still read, refused with the right status and logged with its path.
 */
export function createGatewayServer(limits: LimitsConfig): Server {
  const server = createServer({
    insecureHTTPParser: false,
    maxHeaderSize: limits.headerBytes + limits.uriBytes + 1024,
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    keepAliveTimeout: limits.keepAliveTimeout,
    connectionsCheckingInterval: checkEveryMs,
    // Node would answer by itself, without a problem and without a log line.
    requireHostHeader: false,
    noDelay: true,
  });
  // Node would drop what is above its limit without a word.
  server.maxHeadersCount = 0;
  return server;
}

/** `next` is Fastify. Nothing is received before this was called. */
export function openDoor(server: Server, door: Door, next: RequestListener): void {
  const receive: RequestListener = (request, response) => door.receive(request, response, next);
  server.on('request', receive);
  // The forwarder says "100 Continue" when it begins to read, so that a refused body is never sent.
  server.on('checkContinue', receive);
  server.on('checkExpectation', receive);
}
