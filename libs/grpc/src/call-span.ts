import { status } from '@grpc/grpc-js';

import type { Span, SpanAttributes } from '@libs/tracing';

/** `/gatehouse.auth.v1.SessionService/GetSession`, in the words of OpenTelemetry. */
export const callAttributes = (path: string): SpanAttributes => ({
  'rpc.system.name': 'grpc',
  'rpc.method': path.slice(1),
});

/** What became of a call: by its name as the conventions have it now, and by the number that most tools look for. */
export const statusAttributes = (error?: unknown): SpanAttributes => {
  const name = error === undefined || error === null ? 'OK' : statusName(error);
  return { 'rpc.status_code': name, 'rpc.grpc.status_code': status[name] };
};

/** The span of a call to a peer, below the one of the request that makes it. */
export const callSpan = (parent: Span | undefined, peer: string, path: string): Span | undefined =>
  parent?.begin(path.slice(1), 'client', { ...callAttributes(path), 'server.address': peer });

/** `UNAVAILABLE`, for whatever a call can end with. */
export function statusName(error: unknown): keyof typeof status {
  const { code } = error as { readonly code?: unknown };
  const name = typeof code === 'number' ? status[code] : undefined;
  return (name as keyof typeof status | undefined) ?? 'UNKNOWN';
}
