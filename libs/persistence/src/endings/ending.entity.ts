import { Entity, PrimaryColumn } from 'typeorm';

import { IntegerColumn, ReferenceColumn, TextColumn, TimeColumn } from '../columns/entity-columns.js';

/** Something that other services have rows about has ended. These rows stay: a service that was away reads them later. */
@Entity('endings')
export class Ending {
  /** Counts from 1 in the order of the commits. */
  @PrimaryColumn({ type: 'int' })
  position!: number;

  /** For instance `tenant`. */
  @TextColumn(32)
  kind!: string;

  @ReferenceColumn()
  subjectId!: string;

  /** Empty where it belongs to no tenant. */
  @ReferenceColumn()
  tenantId!: string;

  @TimeColumn()
  endedAt!: Date;
}

/** The last position given out: one row. */
@Entity('endings_head')
export class EndingsHead {
  @PrimaryColumn({ type: 'varchar', length: 8 })
  id!: string;

  @IntegerColumn()
  position!: number;
}

/** How far this service has followed the endings of another. */
@Entity('followed_endings')
export class FollowedEndings {
  /** The service that is followed. */
  @PrimaryColumn({ type: 'varchar', length: 32 })
  source!: string;

  @IntegerColumn()
  position!: number;
}
