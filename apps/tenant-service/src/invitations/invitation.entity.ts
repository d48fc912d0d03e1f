import { Entity } from 'typeorm';

import { ReferenceColumn, TenantRecord, TextColumn } from '@libs/persistence';

import type { MemberRole } from '../memberships/roles.js';
import type { InvitationStatus } from './invitation.schema.js';

@Entity('invitations')
export class Invitation extends TenantRecord {
  /** The user who is invited. */
  @ReferenceColumn()
  userId!: string;

  /** `userId` while the invitation waits for an answer, then null: each user has one open invitation to a tenant. */
  @ReferenceColumn({ nullable: true })
  pendingUserId!: string | null;

  @ReferenceColumn()
  invitedById!: string;

  @TextColumn(16)
  role!: MemberRole;

  @TextColumn(16)
  status!: InvitationStatus;
}
