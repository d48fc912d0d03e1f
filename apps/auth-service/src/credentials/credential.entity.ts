import { Entity } from 'typeorm';

import { BooleanColumn, IdColumn, TextColumn, TimeColumn } from '@libs/persistence';

/** The password of a user: one each, so the id is the user's own. */
@Entity('credentials')
export class Credential {
  @IdColumn()
  id!: string;

  /** In the PHC string format, which names algorithm and cost: old hashes stay readable when the cost is raised. */
  @TextColumn(255)
  passwordHash!: string;

  /** Whether a program made it, and its user has to change it before anything else; null in old rows: no. */
  @BooleanColumn({ nullable: true })
  mustChange!: boolean | null;

  @TimeColumn()
  createdAt!: Date;

  @TimeColumn()
  updatedAt!: Date;
}
