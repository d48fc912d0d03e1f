import { Module } from '@nestjs/common';

import { MembershipsModule } from '../memberships/memberships.module.js';
import { OpenInvitationsModule } from '../open-invitations/open-invitations.module.js';
import { TenantRolesController } from './tenant-roles.controller.js';
import { TenantRolesService } from './tenant-roles.service.js';

/** The roles that tenants make for themselves. */
@Module({
  imports: [MembershipsModule, OpenInvitationsModule],
  controllers: [TenantRolesController],
  providers: [TenantRolesService],
})
export class TenantRolesModule {}
