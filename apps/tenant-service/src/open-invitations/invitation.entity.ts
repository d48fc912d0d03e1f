import { Entity } from 'typeorm';

import { ReferenceColumn, TenantRecord, TextColumn } from '@libs/persistence';

export const invitationStatuses = ['pending', 'accepted', 'declined'] as const;
export type InvitationStatus = (typeof invitationStatuses)[number];

@Entity('invitations')
export class Invitation extends TenantRecord {
  static readonly alsoFoundBy = {
    userId: 'whoever is invited sees the invitations of all tenants',
    invitedById: 'with its sender it goes from all tenants',
  };

  /** The user who is invited. */
  @ReferenceColumn()
  userId!: string;

  /** `userId` while the invitation waits for an answer, then null: each user has one open invitation to a tenant. */
  @ReferenceColumn({ nullable: true })
  pendingUserId!: string | null;

  @ReferenceColumn()
  invitedById!: string;

  @TextColumn(40)
  role!: string;

  @TextColumn(16)
  status!: InvitationStatus;
}
