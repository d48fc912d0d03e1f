import { constants, Http2ServerResponse, type ServerHttp2Stream } from 'node:http2';

import { inOneLineEach, isSecondLine } from './one-line-each.js';

/** Node declares members that are not there, so only what is there may be built on. */
type OnStream = new (stream: ServerHttp2Stream) => {
  readonly stream: ServerHttp2Stream;
  writeHead(status: number, ...rest: readonly unknown[]): unknown;
};

/** Node's answer over HTTP/2, with what the rest of the gateway knows from that over HTTP/1.1. */
export class GatewayHttp2Response extends (Http2ServerResponse as unknown as OnStream) {
  get closed(): boolean {
    return this.stream.closed || this.stream.destroyed;
  }

  get destroyed(): boolean {
    return this.stream.destroyed;
  }

  override writeHead(status: number, ...rest: readonly unknown[]): this {
    try {
      super.writeHead(status, ...rest);
    } catch (error) {
      const [headers] = rest;
      if (!isSecondLine(error) || !Array.isArray(headers)) throw error;
      super.writeHead(status, inOneLineEach(headers as string[]));
    }
    return this;
  }

  /**
   * An answer that is nothing but its head, in one frame: gRPC tells by that frame whether the status in it is the
   * status of the call.
   */
  writeOnlyHead(status: number, headers: readonly string[]): void {
    if (this.stream.closed) return;
    try {
      this.stream.respond([':status', String(status), ...headers], { endStream: true });
    } catch (error) {
      if (!isSecondLine(error)) throw error;
      this.stream.respond([':status', String(status), ...inOneLineEach(headers)], { endStream: true });
    }
  }

  /** Half an answer must not look like a whole one: without an error the client would take it for that. */
  destroy(): this {
    if (!this.stream.closed) this.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    return this;
  }
}
