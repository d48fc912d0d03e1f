import {
  AuditOutcome,
  AuditServiceService,
  type AuditEvent as AuditEventMessage,
  type GrpcClient,
  type GrpcClients,
} from '@libs/grpc';

import type { AuditEvent } from '../events/audit-event.js';

import { AuditTrail } from './audit-trail.js';

const deadlineMs = 10_000;
const outcomes = { done: AuditOutcome.DONE, refused: AuditOutcome.REFUSED };

/** The trail is tenant-service's. */
export class GrpcAuditTrail extends AuditTrail {
  private client: GrpcClient<AuditServiceService> | undefined;

  constructor(private readonly clients: GrpcClients) {
    super();
  }

  async append(events: readonly AuditEvent[]): Promise<void> {
    this.client ??= this.clients.to('tenant-service', AuditServiceService);
    await this.client.appendAuditEvents({ events: events.map(toMessage) }, { as: 'service', deadlineMs });
  }
}

const toMessage = ({ time, outcome, details, ...event }: AuditEvent): AuditEventMessage => ({
  ...event,
  time: new Date(time),
  outcome: outcomes[outcome],
  detailsJson: JSON.stringify(details),
});
