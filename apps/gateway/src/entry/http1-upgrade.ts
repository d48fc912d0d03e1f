import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import type { ClientUpgrade } from '../request/client-upgrade.js';

/** RFC 6455 over HTTP/1.1. Node has let go of the connection; it is answered here, with or without a change of protocol. */
export class Http1Upgrade implements ClientUpgrade {
  readonly headers: readonly string[] = [];
  readonly response: ServerResponse;
  private isAccepted = false;

  constructor(
    request: IncomingMessage,
    private readonly socket: Socket,
    readonly ahead: Buffer,
  ) {
    this.response = new ServerResponse(request);
    this.response.shouldKeepAlive = false;
    this.response.assignSocket(socket);
    socket.on('error', () => undefined);
    this.response.once('finish', () => {
      if (!this.isAccepted) socket.end();
    });
  }

  accept(answerHeaders: readonly string[]): Duplex {
    this.isAccepted = true;
    this.response.writeHead(101, [...answerHeaders, 'connection', 'Upgrade', 'upgrade', 'websocket']);
    this.response.flushHeaders();
    this.response.end();
    return this.socket;
  }
}
