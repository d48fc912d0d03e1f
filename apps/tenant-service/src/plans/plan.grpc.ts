import {
  type DeletePlanRequest,
  type DeletePlanResponse,
  type GetPlanRequest,
  type GetPlanResponse,
  type GetTenantPlanRequest,
  type GetTenantPlanResponse,
  type GrpcHandlers,
  GrpcService,
  type ListPlansRequest,
  type ListPlansResponse,
  PlanServiceService,
  type SetPlanRequest,
  type SetPlanResponse,
  type SetTenantPlanRequest,
  type SetTenantPlanResponse,
} from '@libs/grpc';
import { ListQuery } from '@libs/persistence';
import { expectedVersion, validRequest } from '@libs/service';
import { Access } from '@libs/trusted-headers';
import { z } from 'zod';

import { TenantIdField } from '../ids/id.schema.js';
import type { Tenant } from '../tenants/tenant.entity.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { PlanKey, SetPlan } from './plan.schema.js';
import { planMessage } from './plan-view.js';
import { PlansService } from './plans.service.js';

const KeyField = z.object({ key: PlanKey });

@Access('service', { roles: ['platform-admin'] })
@GrpcService(PlanServiceService)
export class PlanGrpc implements GrpcHandlers<typeof PlanServiceService> {
  constructor(
    private readonly plans: PlansService,
    private readonly tenants: TenantsService,
  ) {}

  async getPlan(request: GetPlanRequest): Promise<GetPlanResponse> {
    const { key } = validRequest(KeyField, request);
    return { plan: planMessage(await this.plans.get(key)) };
  }

  async listPlans({ pageSize, pageToken }: ListPlansRequest): Promise<ListPlansResponse> {
    const query = validRequest(ListQuery, { pageSize: pageSize || undefined, pageToken });
    const { items, nextPageToken } = await this.plans.list(query);
    return { plans: items.map(planMessage), nextPageToken };
  }

  async setPlan({ plan }: SetPlanRequest): Promise<SetPlanResponse> {
    const { key, etag = '', ...fields } = plan ?? {};
    const place = validRequest(KeyField, { key });
    const input = validRequest(SetPlan, fields);
    return { plan: planMessage(await this.plans.set(place.key, expectedVersion(etag), input)) };
  }

  async deletePlan({ key, etag }: DeletePlanRequest): Promise<DeletePlanResponse> {
    const place = validRequest(KeyField, { key });
    await this.plans.delete(place.key, expectedVersion(etag));
    return {};
  }

  async getTenantPlan(request: GetTenantPlanRequest): Promise<GetTenantPlanResponse> {
    const { tenantId } = validRequest(TenantIdField, request);
    return this.limitsOf(await this.tenants.get(tenantId));
  }

  async setTenantPlan({ tenantId, key }: SetTenantPlanRequest): Promise<SetTenantPlanResponse> {
    const place = validRequest(TenantIdField, { tenantId });
    const plan = key === '' ? null : validRequest(KeyField, { key }).key;
    return this.limitsOf(await this.plans.give(place.tenantId, undefined, plan));
  }

  private async limitsOf(tenant: Tenant): Promise<GetTenantPlanResponse> {
    const plan = await this.plans.planOf(tenant);
    return plan === undefined ? {} : { plan: planMessage(plan) };
  }
}
