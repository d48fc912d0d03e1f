import { Entity, PrimaryColumn } from 'typeorm';

import { IntegerColumn, ReferenceColumn, TextColumn, TimeColumn } from '@libs/persistence';

/** Something that other services have rows about has ended. These rows stay: a service that was away reads them later. */
@Entity('endings')
export class Ending {
  static readonly alsoFoundBy = {
    'position > ?': 'who follows reads what has ended in all tenants',
  };

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

/** How far this service has taken over the endings of another: what follows from each is done, or is under way. */
@Entity('followed_endings')
export class FollowedEndings {
  /** The service that is followed. */
  @PrimaryColumn({ type: 'varchar', length: 32 })
  source!: string;

  @IntegerColumn()
  position!: number;
}

/** An ending whose consequences are worked off piece by piece. Its row goes with the last piece. */
@Entity('endings_under_way')
export class EndingUnderWay implements Ending {
  static readonly alsoFoundBy = {
    source: 'a follower works off what has ended in all tenants',
  };

  /** The service that is followed. */
  @PrimaryColumn({ type: 'varchar', length: 32 })
  source!: string;

  @PrimaryColumn({ type: 'int' })
  position!: number;

  @TextColumn(32)
  kind!: string;

  @ReferenceColumn()
  subjectId!: string;

  @ReferenceColumn()
  tenantId!: string;

  @TimeColumn()
  endedAt!: Date;

  /** How many pieces are done. Who had the fewest is next, and of two processes one has the turn. */
  @IntegerColumn()
  turns!: number;
}
