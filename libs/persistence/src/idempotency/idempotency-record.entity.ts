import { Entity, PrimaryColumn } from 'typeorm';

import { LongTextColumn, TextColumn, TimeColumn } from '../columns/entity-columns.js';

/** One use of an idempotency key. Without the key itself, nothing in the row can be read or recognised. */
@Entity('idempotency_records')
export class IdempotencyRecord {
  /** Stands for the caller, the route and the key. */
  @PrimaryColumn({ type: 'varchar', length: 43 })
  scope!: string;

  /** Stands for the body. */
  @TextColumn(43)
  fingerprint!: string;

  /** Encrypted; null while the request is running. */
  @LongTextColumn({ nullable: true })
  answer!: string | null;

  /** Until then the request counts as running; whoever runs it prolongs it. */
  @TimeColumn()
  leaseUntil!: Date;

  @TimeColumn()
  expiresAt!: Date;
}
