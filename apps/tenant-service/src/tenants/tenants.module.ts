import { Module } from '@nestjs/common';

import { Tenant } from './tenant.entity.js';
import { TenantsService } from './tenants.service.js';

export const tenantsEntities = [Tenant] as const;

/** The tenants of the platform. */
@Module({
  providers: [TenantsService],
  exports: [TenantsService],
})
export class TenantsModule {}
