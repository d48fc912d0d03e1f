import { Module } from '@nestjs/common';

import { MembersModule } from '../members/members.module.js';
import { MembershipsModule } from '../memberships/memberships.module.js';
import { OpenInvitationsModule } from '../open-invitations/open-invitations.module.js';
import { PlansModule } from '../plans/plans.module.js';
import { UsersModule } from '../users/users.module.js';
import { AcceptedMailInvitationsService } from './accepted-mail-invitations.service.js';
import { InvitationEmails } from './invitation-emails.js';
import { MailInvitationsService } from './mail-invitations.service.js';
import { MyMailInvitationsController } from './my-mail-invitations.controller.js';
import { TenantMailInvitationsController } from './tenant-mail-invitations.controller.js';
import { TokenTries } from './token-tries.js';

/** Invitations by address. */
@Module({
  imports: [UsersModule, MembershipsModule, OpenInvitationsModule, PlansModule, MembersModule],
  controllers: [TenantMailInvitationsController, MyMailInvitationsController],
  providers: [MailInvitationsService, AcceptedMailInvitationsService, InvitationEmails, TokenTries],
  exports: [MailInvitationsService],
})
export class MailInvitationsModule {}
