import { Entity } from 'typeorm';

import { IdColumn, TextColumn, TimeColumn } from '@libs/persistence';

/** The password of a user: one each, so the id is the user's own. */
@Entity('credentials')
export class Credential {
  @IdColumn()
  id!: string;

  /** In the PHC string format, which names algorithm and cost: old hashes stay readable when the cost is raised. */
  @TextColumn(255)
  passwordHash!: string;

  @TimeColumn()
  createdAt!: Date;

  @TimeColumn()
  updatedAt!: Date;
}
