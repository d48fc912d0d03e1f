import { Module } from '@nestjs/common';

import { MembershipsModule } from '../memberships/memberships.module.js';
import { UsersModule } from '../users/users.module.js';
import { InvitationEnds } from './invitation-ends.js';
import { Invitation } from './invitation.entity.js';
import { MailInvitation } from './mail-invitation.entity.js';

export const openInvitationsEntities = [Invitation, MailInvitation] as const;

/** Invitations that wait for an answer, and their end. */
@Module({
  imports: [UsersModule, MembershipsModule],
  providers: [InvitationEnds],
  exports: [InvitationEnds],
})
export class OpenInvitationsModule {}
