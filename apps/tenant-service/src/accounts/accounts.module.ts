import { Module } from '@nestjs/common';

import { MembersModule } from '../members/members.module.js';
import { MembershipsModule } from '../memberships/memberships.module.js';
import { OpenInvitationsModule } from '../open-invitations/open-invitations.module.js';
import { PlansModule } from '../plans/plans.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountGrpc } from './account.grpc.js';
import { AccountsService } from './accounts.service.js';
import { EmailConfirmationService } from './email-confirmation.service.js';
import { InvitedAccountsService } from './invited-accounts.service.js';

/** What auth-service opens, reads and confirms. */
@Module({
  imports: [UsersModule, TenantsModule, MembershipsModule, MembersModule, OpenInvitationsModule, PlansModule],
  controllers: [AccountGrpc],
  providers: [AccountsService, InvitedAccountsService, EmailConfirmationService],
})
export class AccountsModule {}
