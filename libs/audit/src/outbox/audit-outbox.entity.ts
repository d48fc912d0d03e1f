import { Entity } from 'typeorm';

import { IdColumn, JsonColumn } from '@libs/persistence';

import type { AuditEvent } from '../events/audit-event.js';

/** An audit event that is committed with its change, and not yet part of the trail. */
@Entity('audit_outbox')
export class AuditOutboxRow {
  @IdColumn()
  id!: string;

  @JsonColumn()
  event!: AuditEvent;
}
