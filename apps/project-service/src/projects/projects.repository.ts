import { Injectable } from '@nestjs/common';
import { In, IsNull, MoreThanOrEqual, type SelectQueryBuilder } from 'typeorm';

import {
  countBy,
  type Counts,
  Database,
  hasMoreThan,
  type Narrowing,
  rowsOfReach,
  TenantRepository,
  updatePiece,
} from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import { MembersRepository, type Owned } from '../memberships/members.repository.js';
import { governsProjects } from './project-access.js';
import { Project } from './project.entity.js';
import { projectStatuses, type ProjectStatus } from './project.schema.js';

@Injectable()
export class ProjectsRepository extends TenantRepository<Project> {
  constructor(
    private readonly store: Database,
    private readonly members: MembersRepository,
  ) {
    super(store, Project);
  }

  /** The living projects of the caller's tenant, under the alias `project`. */
  ofTenant(identity: Identity): SelectQueryBuilder<Project> {
    return this.query(identity.tenantId, 'project');
  }

  /** Which of them the caller may read; undefined: all. */
  visibleTo(identity: Identity): Narrowing | undefined {
    if (governsProjects(identity)) return undefined;
    const parameters = { memberTenantId: identity.tenantId, memberId: identity.userId };
    const memberships = this.members.ofNamedUser();
    const some = memberships
      .clone()
      .select('member.projectId', 'projectId')
      .limit(rowsOfReach + 1)
      .getQuery();
    const most = memberships.clone();
    // Counted, because a server would begin with the memberships if it were asked whether there is one.
    const own = memberships.andWhere('member.projectId = project.id').select('COUNT(*)').getQuery();
    return {
      condition: `project.id IN (SELECT mine.projectId FROM (${some}) mine)`,
      loosely: `(${own}) > 0`,
      parameters,
      leadsToMoreThan: (count) => hasMoreThan(most.setParameters(parameters), count),
      isById: true,
    };
  }

  countVisible(identity: Identity): Promise<Counts<ProjectStatus>> {
    return countBy(this.store.manager, this.ofTenant(identity), 'status', projectStatuses, this.visibleTo(identity));
  }

  /** Deletes a piece of those that live. */
  deleteSomeOf(tenantId: string, deletedAt: Date): ReturnType<typeof updatePiece> {
    // Those that live are found by their names, which have an index.
    const living = { tenantId, livingNameKey: MoreThanOrEqual(''), deletedAt: IsNull() };
    return updatePiece(this.store.manager, Project, living, { deletedAt, livingNameKey: null });
  }

  /** Somebody who has become the owner of one of them meanwhile stays it. */
  async leaveWithoutOwner({ tenantId, ownerId, projectIds }: Owned): Promise<void> {
    const owned = { tenantId, id: In([...projectIds]), ownerId, deletedAt: IsNull() };
    await this.store.manager.update(Project, owned, { ownerId: '' });
  }
}
