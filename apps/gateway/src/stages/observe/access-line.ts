import { scrub } from '@libs/observability';

import type { GatewayContext } from '../../request/gateway-context.js';
import type { Flag } from '../../request/flag.js';

/** What is logged about one request, answered or refused. Of all this only the path may hold a secret. */
export interface AccessLine {
  readonly request_id: string;
  readonly trace_id: string;
  readonly service: 'gateway';
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly latency_ms: number;
  readonly upstream_ms: number;
  readonly instance: string;
  readonly user_id: string;
  readonly tenant_id: string;
  readonly client_address: string;
  readonly bytes_in: number;
  readonly bytes_out: number;
  readonly flag: Flag;
}

export const accessLine = (context: GatewayContext, status: number, latencyMs: number): AccessLine => ({
  request_id: context.requestId,
  trace_id: context.facts.trace.traceId,
  service: 'gateway',
  route: context.matchedRoute?.id ?? '',
  method: context.method,
  path: scrub(context.path),
  status,
  latency_ms: rounded(latencyMs),
  upstream_ms: rounded(context.upstreamMs),
  instance: context.instance?.model.origin ?? '',
  user_id: context.identity.userId,
  tenant_id: context.identity.tenantId,
  client_address: context.clientAddress,
  bytes_in: context.bytesIn,
  bytes_out: context.bytesOut,
  flag: context.flag,
});

const rounded = (milliseconds: number): number => Math.round(milliseconds * 100) / 100;
