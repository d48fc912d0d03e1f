import type { IncomingHttpHeaders } from 'node:http2';

import type { AnswerHead, UpstreamRequest } from '../wire/upstream-call.js';

/** The fields of a request in HTTP/2, the request line among them. Names must be in lower case (RFC 9113 §8.2). */
export function requestFields(
  request: UpstreamRequest,
  { scheme, authority }: { scheme: string; authority: string },
): string[] {
  const { method, target, host = authority, headers, body, acceptsTrailers } = request;
  const fields = [':method', method, ':scheme', scheme, ':authority', host, ':path', target];
  for (let index = 0; index < headers.length; index += 2) {
    fields.push((headers[index] ?? '').toLowerCase(), headers[index + 1] ?? '');
  }
  if (body?.length !== undefined) fields.push('content-length', String(body.length));
  // What gRPC servers insist on (RFC 9113 §8.2.2 allows this one value).
  if (acceptsTrailers) fields.push('te', 'trailers');
  return fields;
}

/** Name, value, name, value, without what HTTP/2 has instead of a status line. */
export function fieldsOf(raw: readonly string[]): string[] {
  const fields: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? '';
    if (!name.startsWith(':')) fields.push(name, raw[index + 1] ?? '');
  }
  return fields;
}

/** `endsHere`: there is no body, and there are no trailers. */
export function answerHead(
  headers: IncomingHttpHeaders,
  raw: readonly string[],
  { method, endsHere }: { method: string; endsHere: boolean },
): AnswerHead {
  const status = Number(headers[':status'] ?? 0);
  const length = headers['content-length'];
  const hasNoBody = endsHere || method === 'HEAD' || status === 204 || status === 304;
  return {
    status,
    headers: fieldsOf(raw),
    connection: undefined,
    length: hasNoBody ? 0 : length === undefined ? undefined : Number(length),
  };
}
