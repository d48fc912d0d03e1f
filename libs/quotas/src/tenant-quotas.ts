import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';

import { FreshCache } from '@libs/caches';
import { Refusal } from '@libs/errors';
import { EventBus } from '@libs/events';
import { type GetTenantPlanResponse, GrpcClients, PlanServiceService } from '@libs/grpc';

type Counted = 'maxProjects' | 'maxInstances';

/** Short, because a keyed request waits for it inside its transaction. */
const deadlineMs = 1_000;
const mostTenants = 10_000;
/** The status of gRPC for a method that is not there. */
const unimplemented = 12;

/** What the plans of tenants allow, as tenant-service knows it; it tells of every change. */
@Injectable()
export class TenantQuotas implements OnApplicationShutdown {
  private readonly plans: FreshCache<GetTenantPlanResponse>;
  private readonly unsubscribe: readonly (() => void)[];

  constructor(
    @Inject(EventBus) bus: EventBus,
    @Inject(GrpcClients) private readonly clients: GrpcClients,
  ) {
    this.plans = new FreshCache({ bus, maxEntries: mostTenants, tagsOf: (_answer, id) => [id] });
    this.unsubscribe = [
      bus.subscribe(['tenant.changed'], ({ payload }) => this.plans.invalidate(payload.tenantId)),
      bus.subscribe(['plan.changed'], () => this.plans.clear()),
    ];
  }

  /** How many the tenant may have; undefined: any number. Ask before a transaction, and count inside. */
  async most(tenantId: string, what: Counted): Promise<number | undefined> {
    const { plan } = await this.plans.get(tenantId, () => this.ask(tenantId));
    return plan?.[what];
  }

  onApplicationShutdown(): void {
    for (const end of this.unsubscribe) end();
    this.plans.close();
  }

  private async ask(tenantId: string): Promise<GetTenantPlanResponse> {
    const plans = this.clients.to('tenant-service', PlanServiceService);
    try {
      return await plans.getTenantPlan({ tenantId }, { as: 'service', deadlineMs });
    } catch (error) {
      if (isUnimplemented(error)) return {};
      throw new Refusal('SERVICE_UNAVAILABLE', { internal: 'tenant-service tells no plan', cause: error });
    }
  }
}

/** Refuses what would be one more than the most. To be called where `count` cannot change until the commit; it need not count further. */
export async function refuseBeyond(
  most: number | undefined,
  what: string,
  count: (most: number) => Promise<{ readonly count: number }>,
): Promise<void> {
  if (most === undefined || (await count(most)).count < most) return;
  throw new Refusal('TENANT_QUOTA_EXCEEDED', { detail: `The plan of the tenant has ${most} ${what}.` });
}

/** An older tenant-service knows of no plans. */
function isUnimplemented(error: unknown): boolean {
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  return cause?.code === unimplemented;
}
