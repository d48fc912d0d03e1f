import { Entity, PrimaryColumn } from 'typeorm';

import { IntegerColumn, TimeColumn } from '@libs/persistence';

/** A row to wait at, for whoever counts or adds what belongs to the same subject. */
@Entity('holds')
export class Hold {
  /** The id of what is held: a tenant, a project. */
  @PrimaryColumn({ type: 'varchar', length: 36 })
  subjectId!: string;

  @IntegerColumn()
  revision!: number;

  /** When the subject ended; nothing is added to it any more. */
  @TimeColumn({ nullable: true })
  endedAt!: Date | null;
}
