import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, In, IsNull, type SelectQueryBuilder } from 'typeorm';

import { countBy, type Counts, Database, type Narrowing, TenantRepository, updatePiece } from '@libs/persistence';

import { type InstanceStatus, instanceStatuses } from './instance-status.js';
import { Instance } from './instance.entity.js';

/** By name, so that an index finds them among all that a tenant ever had. */
const statusesToDelete = instanceStatuses.filter((status) => status !== 'deleting');

/** What begins with a move: the driver is to be asked at once. */
export type BegunMove = Pick<Instance, 'status' | 'statusReason' | 'statusSince' | 'driveAt' | 'driveFailures'>;

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

  /** Begins to delete a piece of those of a tenant that are not on their way out. */
  beginToDeleteSomeOf(
    tenantId: string,
    where: FindOptionsWhere<Instance>,
    move: BegunMove,
  ): ReturnType<typeof updatePiece> {
    return updatePiece(
      this.store.manager,
      Instance,
      { ...where, tenantId, status: In(statusesToDelete), deletedAt: IsNull() },
      { ...move, updatedAt: move.statusSince, version: () => 'version + 1' },
    );
  }
}
