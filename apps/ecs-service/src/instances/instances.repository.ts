import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';

import { Database, TenantRepository } from '@libs/persistence';

import type { InstanceStatus } from './instance-status.js';
import { Instance } from './instance.entity.js';

@Injectable()
export class InstancesRepository extends TenantRepository<Instance> {
  constructor(database: Database) {
    super(database, Instance);
  }

  /** Under the alias `instance`. */
  ofProjects(tenantId: string, projectIds: readonly string[]): SelectQueryBuilder<Instance> {
    const instances = this.query(tenantId, 'instance');
    if (projectIds.length === 0) return instances.andWhere('1 = 0');
    return instances.andWhere('instance.projectId IN (:...projectIds)', { projectIds });
  }

  async projectIds(tenantId: string, limit: number): Promise<string[]> {
    const rows = await this.query(tenantId, 'instance')
      .select('instance.projectId', 'projectId')
      .distinct(true)
      .limit(limit)
      .getRawMany<{ projectId: string }>();
    return rows.map(({ projectId }) => projectId);
  }

  async countByStatus(tenantId: string): Promise<ReadonlyMap<InstanceStatus, number>> {
    const rows = await this.query(tenantId, 'instance')
      .select('instance.status', 'status')
      .addSelect('COUNT(*)', 'count')
      .groupBy('instance.status')
      .getRawMany<{ status: InstanceStatus; count: number | string }>();
    return new Map(rows.map(({ status, count }) => [status, Number(count)]));
  }
}
