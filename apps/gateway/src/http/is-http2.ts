import type { IncomingMessage } from 'node:http';
import { Http2ServerRequest } from 'node:http2';

/** The version does not tell: Node reads `GET / HTTP/2.0` on a connection of HTTP/1 too. */
export const isHttp2 = (request: IncomingMessage): boolean => (request as unknown) instanceof Http2ServerRequest;
