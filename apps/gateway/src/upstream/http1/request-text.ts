import type { UpstreamRequest } from '../wire/upstream-call.js';

/** RFC 9110 §8.6: with these methods an instance may wait for a body unless it is told that there is none. */
const usuallyWithBody = new Set(['POST', 'PUT', 'PATCH']);

/** The head of a request in HTTP/1.1. What is in it was checked where it came in. */
export function requestHead(
  { method, target, host, headers, body, upgrade }: UpstreamRequest,
  { authority, isReused }: { authority: string; isReused: boolean },
): string {
  let text = `${method} ${target} HTTP/1.1\r\nhost: ${host ?? authority}\r\n`;
  for (let index = 0; index < headers.length; index += 2) text += `${headers[index]}: ${headers[index + 1]}\r\n`;
  if (body !== undefined) {
    text += body.length === undefined ? 'transfer-encoding: chunked\r\n' : `content-length: ${body.length}\r\n`;
  } else if (usuallyWithBody.has(method)) text += 'content-length: 0\r\n';
  if (upgrade) return `${text}connection: upgrade\r\nupgrade: websocket\r\n\r\n`;
  return `${text}connection: ${isReused ? 'keep-alive' : 'close'}\r\n\r\n`;
}

/** The end of a body in chunks. */
export function lastChunk(trailers: readonly string[]): string {
  let text = '0\r\n';
  for (let index = 0; index < trailers.length; index += 2) text += `${trailers[index]}: ${trailers[index + 1]}\r\n`;
  return `${text}\r\n`;
}
