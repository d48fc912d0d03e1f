import type { ExecutionContext } from '@nestjs/common';

import type { IncomingHeaders } from './open-seal.js';

/** What the seal is checked against, whichever transport the call came by. */
export interface SealedCall {
  readonly headers: IncomingHeaders;
  readonly method: string;
  readonly path: string;
}

interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHeaders;
}

interface GrpcMetadata {
  toJSON(): Record<string, readonly (string | Buffer)[]>;
}

interface GrpcCall {
  getPath(): string;
}

const withoutQuery = (url: string): string => {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
};

/** Metadata in the shape of HTTP headers; a key that came twice stays a list, which the seal refuses. */
export function metadataHeaders(metadata: GrpcMetadata): IncomingHeaders {
  const headers: Record<string, string | string[]> = {};
  for (const [name, values] of Object.entries(metadata.toJSON())) {
    const texts = values.map(String);
    headers[name] = texts.length === 1 ? (texts[0] ?? '') : texts;
  }
  return headers;
}

export function sealedCallOf(execution: ExecutionContext): SealedCall {
  if (execution.getType() === 'http') {
    const request = execution.switchToHttp().getRequest<HttpRequest>();
    return { headers: request.headers, method: request.method, path: withoutQuery(request.url) };
  }
  const [, metadata, call] = execution.getArgs<[unknown, GrpcMetadata, GrpcCall]>();
  return { headers: metadataHeaders(metadata), method: 'POST', path: call.getPath() };
}
