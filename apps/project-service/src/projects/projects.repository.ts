import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';

import { Database, TenantRepository } from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import { ProjectMember } from '../members/member.entity.js';
import { governsProjects } from './project-access.js';
import { Project } from './project.entity.js';
import type { ProjectStatus } from './project.schema.js';

@Injectable()
export class ProjectsRepository extends TenantRepository<Project> {
  constructor(database: Database) {
    super(database, Project);
  }

  /** The living projects of the caller's tenant that the caller may read, under the alias `project`. */
  visibleTo(identity: Identity): SelectQueryBuilder<Project> {
    const living = this.query(identity.tenantId, 'project');
    if (governsProjects(identity)) return living;

    const membership = living
      .subQuery()
      .select('1')
      .from(ProjectMember, 'member')
      .where('member.projectId = project.id')
      .andWhere('member.userId = :memberId')
      .getQuery();
    return living.andWhere(`EXISTS ${membership}`, { memberId: identity.userId });
  }

  async countVisible(identity: Identity): Promise<Record<ProjectStatus, number>> {
    const rows = await this.visibleTo(identity)
      .select('project.status', 'status')
      .addSelect('COUNT(*)', 'count')
      .groupBy('project.status')
      .getRawMany<{ status: ProjectStatus; count: number | string }>();
    const counts = { active: 0, archived: 0 };
    for (const { status, count } of rows) counts[status] = Number(count);
    return counts;
  }

  lastChanged(identity: Identity, limit: number): Promise<Project[]> {
    return this.visibleTo(identity)
      .orderBy('project.updatedAt', 'DESC')
      .addOrderBy('project.id', 'DESC')
      .limit(limit)
      .getMany();
  }
}
