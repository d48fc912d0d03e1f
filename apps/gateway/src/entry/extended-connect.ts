import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { Duplex } from 'node:stream';

import type { ClientUpgrade } from '../request/client-upgrade.js';

/** What has a meaning in the handshake of HTTP/1.1 only. */
const ofHandshake = new Set(['sec-websocket-accept']);

/** RFC 8441: a WebSocket on a stream of HTTP/2. To the instance it is the handshake of HTTP/1.1. */
export class ExtendedConnect implements ClientUpgrade {
  readonly ahead = Buffer.alloc(0);
  readonly headers: readonly string[] = ['sec-websocket-key', randomBytes(16).toString('base64')];

  private constructor(
    private readonly stream: Duplex,
    private readonly response: ServerResponse,
  ) {}

  /** Undefined if the request is none. To every stage it is the GET that it would have been in HTTP/1.1. */
  static in(request: Http2ServerRequest, response: ServerResponse): ExtendedConnect | undefined {
    if (request.method !== 'CONNECT' || request.headers[':protocol'] !== 'websocket') return undefined;
    (request as { method: string }).method = 'GET';
    return new ExtendedConnect(request.stream, response);
  }

  accept(answerHeaders: readonly string[]): Duplex {
    const headers: string[] = [];
    for (let index = 0; index < answerHeaders.length; index += 2) {
      const name = answerHeaders[index] ?? '';
      if (!ofHandshake.has(name)) headers.push(name, answerHeaders[index + 1] ?? '');
    }
    this.response.writeHead(200, headers);
    return this.stream;
  }
}
