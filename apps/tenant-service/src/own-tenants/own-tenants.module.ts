import { Module } from '@nestjs/common';

import { MembersModule } from '../members/members.module.js';
import { MembershipsModule } from '../memberships/memberships.module.js';
import { TenantDeletionModule } from '../tenant-deletion/tenant-deletion.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { OwnTenantsService } from './own-tenants.service.js';
import { TenantsController } from './tenants.controller.js';

/** What users do with their tenants. */
@Module({
  imports: [TenantsModule, MembershipsModule, MembersModule, TenantDeletionModule],
  controllers: [TenantsController],
  providers: [OwnTenantsService],
})
export class OwnTenantsModule {}
