export type StreamKind = 'events' | 'grpc' | undefined;

/**
 * Answers that go on for as long as anybody listens: server-sent events, and calls of gRPC, which may be streams.
 * `headers`: name, value, name, value; names in lower case.
 */
export function streamKind({ headers }: { readonly headers: readonly string[] }): StreamKind {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index] !== 'content-type') continue;
    const type = headers[index + 1] ?? '';
    if (/^text\/event-stream(?:$|[\t ;])/i.test(type)) return 'events';
    return isGrpc(type) ? 'grpc' : undefined;
  }
  return undefined;
}

/** Not gRPC-Web, which has its trailers in the body. */
export const isGrpc = (contentType: string | undefined): boolean =>
  contentType !== undefined && /^application\/grpc(?:$|[\t +;])/i.test(contentType);
