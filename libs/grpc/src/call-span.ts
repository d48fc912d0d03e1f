import { status } from '@grpc/grpc-js';

import type { Span, SpanAttributes } from '@libs/tracing';

/** `/gatehouse.auth.v1.SessionService/GetSession`, in the words of OpenTelemetry. */
export function callAttributes(path: string): SpanAttributes {
  const [, service = '', method = ''] = path.split('/');
  return { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': method };
}

/** The span of a call to a peer, below the one of the request that makes it. */
export const callSpan = (parent: Span | undefined, peer: string, path: string): Span | undefined =>
  parent?.begin(path.slice(1), 'client', { ...callAttributes(path), 'server.address': peer });

/** `UNAVAILABLE`, for whatever a call can end with. */
export function statusName(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return (typeof code === 'number' ? status[code] : undefined) ?? 'UNKNOWN';
}
