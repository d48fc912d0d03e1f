import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';

import { countBy, type Counts, Database, type Narrowing, TenantRepository } from '@libs/persistence';

import { type InstanceStatus, instanceStatuses } from './instance-status.js';
import { Instance } from './instance.entity.js';

@Injectable()
export class InstancesRepository extends TenantRepository<Instance> {
  constructor(private readonly store: Database) {
    super(store, Instance);
  }

  /** Those that are in no project have none. Under the alias `instance`. */
  ofProjects(tenantId: string, projectIds: readonly string[]): [SelectQueryBuilder<Instance>, Narrowing] {
    const condition = projectIds.length === 0 ? '1 = 0' : 'instance.projectId IN (:...projectIds)';
    return [this.query(tenantId, 'instance'), { condition, parameters: { projectIds } }];
  }

  async projectIds(tenantId: string, limit: number): Promise<string[]> {
    const rows = await this.query(tenantId, 'instance')
      .select('instance.projectId', 'projectId')
      .distinct(true)
      .limit(limit)
      .getRawMany<{ projectId: string }>();
    return rows.map(({ projectId }) => projectId);
  }

  countByStatus(tenantId: string): Promise<Counts<InstanceStatus>> {
    return countBy(this.store.manager, this.query(tenantId, 'instance'), 'status', instanceStatuses);
  }
}
