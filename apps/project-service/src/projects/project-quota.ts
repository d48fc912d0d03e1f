import { Injectable } from '@nestjs/common';

import { Holds } from '@libs/deletion-log';
import { refuseBeyond, TenantQuotas } from '@libs/quotas';

import { ProjectsRepository } from './projects.repository.js';

/** How many projects the plan of a tenant allows. */
@Injectable()
export class ProjectQuota {
  constructor(
    private readonly quotas: TenantQuotas,
    private readonly holds: Holds,
    private readonly projects: ProjectsRepository,
  ) {}

  /** To be asked before the transaction: another service answers. */
  most(tenantId: string): Promise<number | undefined> {
    return this.quotas.most(tenantId, 'maxProjects');
  }

  /** In the transaction that adds one; whoever adds to the same tenant waits. */
  async refuseBeyond(most: number | undefined, tenantId: string): Promise<void> {
    await this.holds.hold(tenantId);
    await refuseBeyond(most, 'projects', (enough) => this.projects.countUpTo(tenantId, enough));
  }
}
