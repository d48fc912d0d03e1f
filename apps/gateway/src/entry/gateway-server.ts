import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

import type { LimitsConfig } from '../configuration/schema/limits.schema.js';
import type { ListenConfig } from '../configuration/schema/listen.schema.js';
import type { Entry } from './entry.js';
import { Http2Entry } from './http2-entry.js';
import { readServerCertificate, renewServerCertificate } from '../tls/server-certificate.js';
import { sniffProtocol } from './sniff-protocol.js';
import { isWebSocketUpgrade } from './websocket-upgrade.js';

/** How often connections are looked at for being too slow. */
const checkEveryMs = 1_000;

/**
 * Node's server as strict as it can be. Its own limit of headers is a little above ours, so that most of what is
 * too large is still read, refused with the right status and logged with its path.
 */
export function createGatewayServer({ limits, listen }: { limits: LimitsConfig; listen: ListenConfig }): Server {
  const options = {
    insecureHTTPParser: false,
    maxHeaderSize: limits.headerBytes + limits.uriBytes + 1024,
    headersTimeout: Math.min(limits.headersTimeout, limits.requestTimeout),
    // Each route has its own: see Uploads.
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveTimeout,
    connectionsCheckingInterval: checkEveryMs,
    // Node would answer by itself, without a problem and without a log line.
    requireHostHeader: false,
    noDelay: true,
    // What asks for any other protocol is served as if it had not (RFC 9110 §7.8).
    shouldUpgradeCallback: isWebSocketUpgrade,
  };
  const server =
    listen.tls === undefined
      ? createServer(options)
      : createTlsServer({
          ...options,
          ...readServerCertificate(listen.tls),
          ALPNProtocols: listen.http2.enabled ? ['h2', 'http/1.1'] : ['http/1.1'],
          handshakeTimeout: limits.headersTimeout,
          minVersion: 'TLSv1.2',
        });
  // Node would drop what is above its limit without a word.
  server.maxHeadersCount = 0;
  return server;
}

/** Nothing is received before this was called. */
export function openEntry(
  server: Server,
  entry: Entry,
  { limits, listen }: { limits: LimitsConfig; listen: ListenConfig },
): void {
  const receive: RequestListener = (request, response) => entry.receive(request, response);
  server.on('request', receive);
  // The forwarder says "100 Continue" when it begins to read, so that a refused body is never sent.
  server.on('checkContinue', receive);
  server.on('checkExpectation', receive);
  server.on('upgrade', (request, socket, ahead) => entry.receiveUpgrade(request, socket as Socket, ahead));
  // Without a listener Node would close the connection without a word. No route takes CONNECT.
  server.on('connect', (request, socket) => entry.receiveConnect(request, socket as Socket));
  if (listen.tls !== undefined) renewServerCertificate(server, listen.tls);
  if (listen.http2.enabled) takeHttp2(server, new Http2Entry(entry, limits, listen.http2), limits, listen);
}

/** Puts HTTP/2 beside the HTTP/1.1 that Node's server speaks, on the same port. */
function takeHttp2(server: Server, http2: Http2Entry, limits: LimitsConfig, listen: ListenConfig): void {
  const event = listen.tls === undefined ? 'connection' : 'secureConnection';
  const [serveHttp1] = server.listeners(event) as [(socket: Socket) => void];
  server.off(event, serveHttp1);
  const http1 = (socket: Socket): void => serveHttp1.call(server, socket);

  if (listen.tls === undefined) {
    server.on('connection', (socket) =>
      sniffProtocol(socket, { http1, http2: (each) => http2.open(each), patienceMs: limits.headersTimeout }),
    );
  } else {
    server.on('secureConnection', (socket: TLSSocket) =>
      socket.alpnProtocol === 'h2' ? http2.open(socket) : http1(socket),
    );
  }

  const closeIdleConnections = server.closeIdleConnections.bind(server);
  const closeAllConnections = server.closeAllConnections.bind(server);
  server.closeIdleConnections = () => {
    closeIdleConnections();
    http2.closeGently();
  };
  server.closeAllConnections = () => {
    closeAllConnections();
    http2.closeAtOnce();
  };
}
