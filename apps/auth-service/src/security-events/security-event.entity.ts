import { Entity } from 'typeorm';

import { IdColumn, ReferenceColumn, TextColumn, TimeColumn } from '@libs/persistence';

/** Something that has happened to an account, as its owner may see it. The audit trail has it too, for operators. */
@Entity('security_events')
export class SecurityEventRecord {
  @IdColumn()
  id!: string;

  @ReferenceColumn()
  userId!: string;

  @TextColumn(40)
  event!: string;

  /** Whose session or key it was about, where it was about one. */
  @TextColumn(64)
  subject!: string;

  /** Empty where it came from no client of the owner's. */
  @TextColumn(45)
  clientAddress!: string;

  @TextColumn(100)
  reason!: string;

  @TimeColumn()
  createdAt!: Date;
}
