import { Entity } from 'typeorm';

import type { AuditDetails, ChainedAuditEvent } from '@libs/audit';
import { IdColumn, IntegerColumn, JsonColumn, ReferenceColumn, TextColumn, TimeColumn } from '@libs/persistence';

/** One link of a chain. Nothing ever changes it. */
@Entity('audit_entries')
export class AuditEntry {
  static readonly alsoFoundBy = {
    id: 'an event that arrives again is known by its id',
    'tenantId IS NOT NULL': 'the verifier looks for chains whose end is missing',
  };

  @IdColumn()
  id!: string;

  /** Empty for what belongs to no tenant. */
  @ReferenceColumn()
  tenantId!: string;

  @IntegerColumn()
  sequence!: number;

  @TimeColumn()
  time!: Date;

  @TextColumn(40)
  service!: string;

  @TextColumn(64)
  action!: string;

  @TextColumn(128)
  target!: string;

  @TextColumn(10)
  outcome!: 'done' | 'refused';

  @TextColumn(64)
  reason!: string;

  @TextColumn(64)
  actorId!: string;

  @TextColumn(16)
  actorMethod!: string;

  @TextColumn(36)
  sessionId!: string;

  @TextColumn(36)
  apiKeyId!: string;

  @TextColumn(45)
  clientAddress!: string;

  @TextColumn(64)
  requestId!: string;

  @TextColumn(64)
  traceId!: string;

  @JsonColumn()
  details!: AuditDetails;

  @TextColumn(64)
  previousHash!: string;

  @TextColumn(64)
  hash!: string;
}

/** The entry as it was hashed. */
export const recordOf = (entry: AuditEntry): ChainedAuditEvent => ({ ...entry, time: entry.time.toISOString() });
