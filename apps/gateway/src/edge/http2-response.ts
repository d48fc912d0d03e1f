import { constants, Http2ServerResponse } from 'node:http2';

/** Node's answer over HTTP/2, with what the rest of the gateway knows from that over HTTP/1.1. */
export class GatewayHttp2Response extends Http2ServerResponse {
  get closed(): boolean {
    return this.stream.closed || this.stream.destroyed;
  }

  get destroyed(): boolean {
    return this.stream.destroyed;
  }

  /** Half an answer must not look like a whole one: without an error the client would take it for that. */
  destroy(): this {
    if (!this.stream.closed) this.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    return this;
  }
}
