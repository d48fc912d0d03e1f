import { Entity } from 'typeorm';

import { IdColumn, TextColumn, TimeColumn } from '@libs/persistence';

/** The last address at which a user has read a letter: one each, so the id is the user's own. */
@Entity('verified_emails')
export class VerifiedEmail {
  @IdColumn()
  id!: string;

  @TextColumn(254)
  email!: string;

  @TimeColumn()
  verifiedAt!: Date;
}
