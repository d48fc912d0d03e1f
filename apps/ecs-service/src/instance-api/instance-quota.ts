import { Injectable } from '@nestjs/common';

import { Holds } from '@libs/deletion-log';
import { refuseBeyond, TenantQuotas } from '@libs/quotas';

import { InstancesRepository } from '../instances/instances.repository.js';

/** How many instances the plan of a tenant allows. */
@Injectable()
export class InstanceQuota {
  constructor(
    private readonly quotas: TenantQuotas,
    private readonly holds: Holds,
    private readonly instances: InstancesRepository,
  ) {}

  /** To be asked before the transaction: another service answers. */
  most(tenantId: string): Promise<number | undefined> {
    return this.quotas.most(tenantId, 'maxInstances');
  }

  /** In the transaction that adds one; whoever adds to the same tenant, or ends it or the project, waits. */
  async refuseBeyond(most: number | undefined, tenantId: string, projectId: string): Promise<void> {
    await this.holds.hold(tenantId);
    await this.holds.hold(projectId);
    await refuseBeyond(most, 'instances', (enough) => this.instances.countUpTo(tenantId, enough));
  }
}
