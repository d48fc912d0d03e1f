import { Entity } from 'typeorm';

import { IdColumn, IntegerColumn, LongTextColumn, TimeColumn } from '@libs/persistence';

/** An email that was decided on together with the rows that it tells about, and is not delivered yet. */
@Entity('posted_mails')
export class PostedMail {
  @IdColumn()
  id!: string;

  /** Whom it is for and what it says: it may hold a token, of which all other tables have the hash only. */
  @LongTextColumn()
  sealedMail!: string;

  @IntegerColumn()
  attempts!: number;

  /** When the next attempt is due. Whoever makes it moves this on first, so that no other process makes it too. */
  @TimeColumn()
  nextAttemptAt!: Date;

  /** When it is of no use any more. */
  @TimeColumn()
  uselessAt!: Date;
}
