import { Module } from '@nestjs/common';

import { MembershipsModule } from '../memberships/memberships.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { Plan } from './plan.entity.js';
import { PlanGrpc } from './plan.grpc.js';
import { PlansController } from './plans.controller.js';
import { PlansService } from './plans.service.js';
import { Seats } from './seats.js';
import { TenantPlanController } from './tenant-plan.controller.js';

export const plansEntities = [Plan] as const;

/** What tenants may have. */
@Module({
  imports: [TenantsModule, MembershipsModule],
  controllers: [PlansController, TenantPlanController, PlanGrpc],
  providers: [PlansService, Seats],
  exports: [PlansService, Seats],
})
export class PlansModule {}
