import { Inject, Injectable } from '@nestjs/common';

import { Audit } from '@libs/audit';
import { Refusal } from '@libs/errors';
import {
  Database,
  isUniqueViolation,
  newId,
  Outbox,
  type Page,
  type PageRequest,
  VersionedRepository,
  agreedVersion,
  type ExpectedVersion,
  isExpectedNew,
} from '@libs/persistence';

import { Tenant } from '../tenants/tenant.entity.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { Plan } from './plan.entity.js';
import { planListing } from './plan-listing.js';
import type { SetPlan } from './plan.schema.js';

/** The key of the plan of tenants that were given none; undefined: those have no limits of their own. */
export const defaultPlan = Symbol('defaultPlan');

/** Plans, and which of them each tenant has. */
@Injectable()
export class PlansService {
  private readonly plans: VersionedRepository<Plan>;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly tenants: TenantsService,
    @Inject(defaultPlan) private readonly byDefault: string | undefined,
  ) {
    this.plans = new VersionedRepository(database, Plan);
  }

  list(request: PageRequest): Promise<Page<Plan>> {
    return planListing.page(this.plans.query('plan'), request);
  }

  async get(planKey: string): Promise<Plan> {
    const plan = await this.plans.findOne({ planKey });
    if (plan === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
    return plan;
  }

  /** What the tenant may have; undefined where nothing limits it. */
  planOf({ planKey }: Pick<Tenant, 'planKey'>): Promise<Plan | undefined> {
    const key = planKey ?? this.byDefault;
    return key === undefined ? Promise.resolve(undefined) : this.plans.findOne({ planKey: key });
  }

  /** Makes the plan or replaces it. Whoever expects a version expects it to be there. */
  set(planKey: string, version: ExpectedVersion | undefined, input: SetPlan): Promise<Plan> {
    return this.database.transaction(async () => {
      const existing = await this.plans.findOne({ planKey });
      if (existing === undefined && !isExpectedNew(version)) throw new Refusal('RESOURCE_CHANGED');
      const plan = await (existing === undefined
        ? this.make(planKey, input)
        : this.plans.update(existing.id, version, columnsOf(input)));
      await this.outbox.add('plan.changed', planKey, { planKey });
      await this.audit.record({
        action: 'plan.set',
        target: planKey,
        tenantId: '',
        details: { limits: describe(plan) },
      });
      return plan;
    });
  }

  async delete(planKey: string, version: ExpectedVersion | undefined): Promise<void> {
    await this.database.transaction(async (manager) => {
      const plan = await this.get(planKey);
      if (planKey === this.byDefault || (await manager.existsBy(Tenant, { planKey }))) {
        throw new Refusal('RESOURCE_CONFLICT', { detail: 'There are tenants with this plan.' });
      }
      const { affected } = await manager.delete(Plan, { id: plan.id, version: agreedVersion(version, plan.version) });
      if (affected !== 1) throw new Refusal('RESOURCE_CHANGED');
      await this.audit.record({ action: 'plan.deleted', target: planKey, tenantId: '' });
    });
  }

  /** The gateways and services hear of it at once. What a tenant has beyond its new plan, it keeps. */
  give(tenantId: string, version: ExpectedVersion | undefined, planKey: string | null): Promise<Tenant> {
    return this.database.transaction(async () => {
      if (planKey !== null) await this.refuseUnknown(planKey);
      const tenant = await this.tenants.update(tenantId, version, { planKey });
      const details = { plan: planKey ?? '' };
      await this.audit.record({ action: 'tenant.plan-given', target: tenantId, tenantId, details });
      return tenant;
    });
  }

  private make(planKey: string, input: SetPlan): Promise<Plan> {
    return this.plans.insert({ id: newId(), planKey, ...columnsOf(input) }).catch((error: unknown) => {
      throw isUniqueViolation(error) ? new Refusal('RESOURCE_CHANGED') : error;
    });
  }

  private async refuseUnknown(planKey: string): Promise<void> {
    if ((await this.plans.findOne({ planKey })) !== undefined) return;
    throw new Refusal('REQUEST_INVALID', {
      errors: [{ field: 'plan', code: 'UNKNOWN', message: 'There is no such plan' }],
    });
  }
}

const columnsOf = ({ requests, ...others }: SetPlan) => ({
  ...others,
  requestQuota: requests?.quota ?? null,
  requestWindowSeconds: requests?.windowSeconds ?? 60,
});

const describe = ({ requestQuota, maxProjects, maxMembers, maxInstances }: Plan): string[] =>
  Object.entries({ requestQuota, maxProjects, maxMembers, maxInstances }).map(
    ([name, limit]) => `${name}=${limit ?? 'none'}`,
  );
