import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';

import {
  countBy,
  type Counts,
  Database,
  hasMoreThan,
  type Narrowing,
  rowsOfReach,
  TenantRepository,
} from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import { ProjectMember } from '../memberships/member.entity.js';
import { governsProjects } from './project-access.js';
import { Project } from './project.entity.js';
import { projectStatuses, type ProjectStatus } from './project.schema.js';

@Injectable()
export class ProjectsRepository extends TenantRepository<Project> {
  constructor(private readonly store: Database) {
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
    const memberships = this.store.manager
      .createQueryBuilder(ProjectMember, 'member')
      .where('member.tenantId = :memberTenantId')
      .andWhere('member.userId = :memberId');
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
}
