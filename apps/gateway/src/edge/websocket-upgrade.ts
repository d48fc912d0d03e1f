import type { IncomingMessage } from 'node:http';

/** RFC 6455 §4.1. With a body the bytes behind the head would belong to two protocols at once. */
export function isWebSocketUpgrade({ method, headers, httpVersion }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    httpVersion === '1.1' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['transfer-encoding'] === undefined &&
    (headers['content-length'] ?? '0') === '0'
  );
}
