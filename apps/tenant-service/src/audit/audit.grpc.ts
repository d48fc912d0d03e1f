import { z } from 'zod';

import type { AuditEvent } from '@libs/audit';
import {
  type AppendAuditEventsRequest,
  type AppendAuditEventsResponse,
  AuditOutcome,
  AuditServiceService,
  type GrpcHandlers,
  GrpcService,
} from '@libs/grpc';
import { validRequest } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { AuditChains } from './audit-chains.js';

const outcomes: Partial<Record<AuditOutcome, AuditEvent['outcome']>> = {
  [AuditOutcome.DONE]: 'done',
  [AuditOutcome.REFUSED]: 'refused',
};

const text = (length: number) => z.string().max(length);

const Event = z.object({
  id: z.uuid(),
  tenantId: text(36),
  time: z.date().transform((time) => time.toISOString()),
  service: text(40),
  action: text(64),
  target: text(128),
  outcome: z.enum(['done', 'refused']),
  reason: text(64),
  actorId: text(64),
  actorMethod: text(16),
  sessionId: text(36),
  apiKeyId: text(36),
  clientAddress: text(45),
  requestId: text(64),
  traceId: text(64),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
});
const Batch = z.object({ events: z.array(Event).max(500) });

@Access('service')
@GrpcService(AuditServiceService)
export class AuditGrpc implements GrpcHandlers<typeof AuditServiceService> {
  constructor(private readonly chains: AuditChains) {}

  async appendAuditEvents({ events }: AppendAuditEventsRequest): Promise<AppendAuditEventsResponse> {
    const batch = validRequest(Batch, {
      events: events.map(({ detailsJson, outcome, ...event }) => ({
        ...event,
        outcome: outcomes[outcome],
        details: parseJson(detailsJson),
      })),
    });
    await this.chains.append(batch.events);
    return {};
  }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
