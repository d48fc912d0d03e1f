import { Module } from '@nestjs/common';

import { MembershipsModule } from '../memberships/memberships.module.js';
import { OpenInvitationsModule } from '../open-invitations/open-invitations.module.js';
import { PlansModule } from '../plans/plans.module.js';
import { UsersModule } from '../users/users.module.js';
import { DefaultTenants } from './default-tenants.js';
import { MembersController } from './members.controller.js';
import { MembershipConsequences } from './membership-consequences.js';
import { MembershipsService } from './memberships.service.js';

/** Changes of who belongs to a tenant, and as what. */
@Module({
  imports: [UsersModule, MembershipsModule, OpenInvitationsModule, PlansModule],
  controllers: [MembersController],
  providers: [MembershipsService, MembershipConsequences, DefaultTenants],
  exports: [MembershipsService, DefaultTenants],
})
export class MembersModule {}
