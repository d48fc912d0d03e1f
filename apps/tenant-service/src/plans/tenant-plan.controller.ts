import { Body, Controller, Get, Param, Put, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import type { ExpectedVersion } from '@libs/persistence';
import { IfMatch, setEtag } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { Id } from '../ids/id.schema.js';
import type { Tenant } from '../tenants/tenant.entity.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { SetTenantPlan } from './plan.schema.js';
import { type PlanView, viewPlan } from './plan-view.js';
import { PlansService } from './plans.service.js';

interface TenantPlanView {
  readonly tenantId: string;
  /** What it was given; null: nothing, and `limits` are those of the plan for such tenants. */
  readonly plan: string | null;
  readonly limits: PlanView | null;
}

/** Which plan a tenant has. The gateway never routes to it. */
@ApiExcludeController()
@Access('service', { roles: ['platform-admin'] })
@Controller('internal/tenants/:id/plan')
export class TenantPlanController {
  constructor(
    private readonly tenants: TenantsService,
    private readonly plans: PlansService,
  ) {}

  @Get()
  async get(
    @Param('id', { schema: Id }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TenantPlanView> {
    return this.view(await this.tenants.get(id), reply);
  }

  @Put()
  async give(
    @Param('id', { schema: Id }) id: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Body({ schema: SetTenantPlan }) { plan }: SetTenantPlan,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TenantPlanView> {
    return this.view(await this.plans.give(id, expectedVersion, plan), reply);
  }

  private async view(tenant: Tenant, reply: FastifyReply): Promise<TenantPlanView> {
    const plan = await this.plans.planOf(tenant);
    setEtag(reply, tenant.version, [plan?.id, plan?.version]);
    return { tenantId: tenant.id, plan: tenant.planKey, limits: plan === undefined ? null : viewPlan(plan) };
  }
}
