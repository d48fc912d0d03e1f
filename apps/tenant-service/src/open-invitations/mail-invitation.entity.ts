import { Entity } from 'typeorm';

import { ReferenceColumn, TenantRecord, TextColumn, TimeColumn } from '@libs/persistence';

/** An invitation of whoever reads the mail of an address, with or without an account. It goes when it is accepted. */
@Entity('mail_invitations')
export class MailInvitation extends TenantRecord {
  static readonly alsoFoundBy = {
    tokenHash: 'who holds the token need not know the tenant',
    emailKey: 'with the reader of an address it goes from all tenants',
    invitedById: 'with its sender it goes from all tenants',
  };

  @TextColumn(254)
  email!: string;

  /** The address in lower case; unique in the tenant. */
  @TextColumn(254)
  emailKey!: string;

  @TextColumn(40)
  role!: string;

  @ReferenceColumn()
  invitedById!: string;

  /** The token itself is in the letter only. Unique. */
  @TextColumn(43)
  tokenHash!: string;

  @TimeColumn()
  expiresAt!: Date;
}
