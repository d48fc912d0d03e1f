import { Entity } from 'typeorm';

import { IdColumn, TimeColumn } from '@libs/persistence';

/** A challenge that was answered and may not be again. */
@Entity('used_challenges')
export class UsedChallenge {
  @IdColumn()
  id!: string;

  @TimeColumn()
  expiresAt!: Date;
}
