import type { IncomingMessage } from 'node:http';

import { hasMember } from '../http/list-field.js';

/** RFC 6455 §4.1. With a body the bytes behind the head would belong to two protocols at once. */
export function isWebSocketUpgrade({ method, headers, httpVersion }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    httpVersion === '1.1' &&
    hasMember(headers.upgrade ?? '', 'websocket') &&
    headers['transfer-encoding'] === undefined &&
    (headers['content-length'] ?? '0') === '0'
  );
}
