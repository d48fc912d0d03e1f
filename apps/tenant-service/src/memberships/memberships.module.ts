import { Module } from '@nestjs/common';

import { TenantRole } from '../roles/tenant-role.entity.js';
import { UsersModule } from '../users/users.module.js';
import { KeptOwners } from './kept-owners.js';
import { MembersService } from './members.service.js';
import { Membership } from './membership.entity.js';
import { TenantAccess } from './tenant-access.js';

export const membershipsEntities = [Membership, TenantRole] as const;

/** Who belongs to which tenant, and what they may do there. */
@Module({
  imports: [UsersModule],
  providers: [TenantAccess, MembersService, KeptOwners],
  exports: [TenantAccess, MembersService],
})
export class MembershipsModule {}
