import { constants, Http2ServerResponse, type ServerHttp2Stream } from 'node:http2';

/** Node declares members that are not there, so only what is there may be built on. */
type OnStream = new (stream: ServerHttp2Stream) => { readonly stream: ServerHttp2Stream };

/** Node's answer over HTTP/2, with what the rest of the gateway knows from that over HTTP/1.1. */
export class GatewayHttp2Response extends (Http2ServerResponse as unknown as OnStream) {
  get closed(): boolean {
    return this.stream.closed || this.stream.destroyed;
  }

  get destroyed(): boolean {
    return this.stream.destroyed;
  }

  /**
   * An answer that is nothing but its head, in one frame: gRPC tells by that frame whether the status in it is the
   * status of the call.
   */
  writeOnlyHead(status: number, headers: readonly string[]): void {
    if (!this.stream.closed) this.stream.respond([':status', String(status), ...headers], { endStream: true });
  }

  /** Half an answer must not look like a whole one: without an error the client would take it for that. */
  destroy(): this {
    if (!this.stream.closed) this.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    return this;
  }
}
