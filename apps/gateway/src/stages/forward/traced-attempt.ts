import type { ServerResponse } from 'node:http';

import type { Span } from '@libs/tracing';

import type { Upstream } from '../../upstream/upstream.js';
import type { UpstreamRequest } from '../../upstream/wire/upstream-call.js';
import type { UpstreamFailure } from '../../upstream/wire/upstream-failure.js';

type Attempt = (request: UpstreamRequest) => Promise<UpstreamFailure | undefined>;

/** One attempt as a span below that of a request that is recorded. The instance is told that this is its parent. */
export async function tracedAttempt(
  parent: Span,
  { instance }: Upstream,
  request: UpstreamRequest,
  response: ServerResponse,
  attempt: Attempt,
): Promise<UpstreamFailure | undefined> {
  const { hostname, port, protocol } = new URL(instance.model.origin);
  const span = parent.begin(`${request.method} ${instance.service}`, 'client', {
    'http.request.method': request.method,
    'server.address': hostname,
    'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
    'gatehouse.upstream': instance.service,
  });
  try {
    const failure = await attempt(toldOf(span, request));
    if (failure === undefined) span.set({ 'http.response.status_code': response.statusCode });
    // To whoever asks, an answer of 4xx is a failure, too; to whoever gives it, it is none.
    if (failure !== undefined || response.statusCode >= 400) span.fail(failure?.flag ?? String(response.statusCode));
    return failure;
  } finally {
    span.end();
  }
}

function toldOf(span: Span, request: UpstreamRequest): UpstreamRequest {
  const headers = [...request.headers];
  const index = headers.indexOf('traceparent');
  if (index !== -1) headers[index + 1] = span.traceparent;
  return { ...request, headers };
}
