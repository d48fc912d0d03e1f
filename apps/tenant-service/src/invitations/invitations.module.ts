import { Module } from '@nestjs/common';

import { MailInvitationsModule } from '../mail-invitations/mail-invitations.module.js';
import { MembersModule } from '../members/members.module.js';
import { MembershipsModule } from '../memberships/memberships.module.js';
import { OpenInvitationsModule } from '../open-invitations/open-invitations.module.js';
import { PlansModule } from '../plans/plans.module.js';
import { UsersModule } from '../users/users.module.js';
import { MyInvitationsController } from './my-invitations.controller.js';
import { MyInvitationsService } from './my-invitations.service.js';
import { TenantInvitationsController } from './tenant-invitations.controller.js';
import { TenantInvitationsService } from './tenant-invitations.service.js';

/** Invitations by user name. */
@Module({
  imports: [UsersModule, MembershipsModule, OpenInvitationsModule, PlansModule, MembersModule, MailInvitationsModule],
  controllers: [TenantInvitationsController, MyInvitationsController],
  providers: [TenantInvitationsService, MyInvitationsService],
})
export class InvitationsModule {}
