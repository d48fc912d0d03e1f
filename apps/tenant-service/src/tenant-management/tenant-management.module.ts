import { Module } from '@nestjs/common';

import { MembershipsModule } from '../memberships/memberships.module.js';
import { TenantDeletionModule } from '../tenant-deletion/tenant-deletion.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { InternalTenantsController } from './internal-tenants.controller.js';
import { TenantGrpc } from './tenant.grpc.js';

/** What operators and services do with tenants. */
@Module({
  imports: [TenantsModule, MembershipsModule, TenantDeletionModule],
  controllers: [InternalTenantsController, TenantGrpc],
})
export class TenantManagementModule {}
