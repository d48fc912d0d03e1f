import { Entity } from 'typeorm';

import { IdColumn, TextColumn, TimeColumn } from '@libs/persistence';

/** The address that a user wants in place of theirs: one each, so the id is the user's own. */
@Entity('pending_emails')
export class PendingEmail {
  @IdColumn()
  id!: string;

  @TextColumn(254)
  email!: string;

  @TimeColumn()
  askedAt!: Date;
}
