import { Entity } from 'typeorm';

import { IdColumn, ReferenceColumn, TextColumn, TimeColumn } from '@libs/persistence';

/** What a token that came by mail is good for. */
export type MailPurpose = 'reset-password' | 'verify-email' | 'accept-invitation';

/** Stands for a letter that somebody has to show that they have read. The row goes when the token is used. */
@Entity('mail_tokens')
export class MailToken {
  @IdColumn()
  id!: string;

  @ReferenceColumn()
  userId!: string;

  @TextColumn(20)
  purpose!: MailPurpose;

  /** Where the letter went: that is what using the token proves, whatever the user's address has become. */
  @TextColumn(254)
  email!: string;

  @TextColumn(43)
  tokenHash!: string;

  @TimeColumn()
  createdAt!: Date;

  @TimeColumn()
  expiresAt!: Date;
}
