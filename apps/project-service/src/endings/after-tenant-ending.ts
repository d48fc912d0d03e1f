import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, IsNull, LessThanOrEqual } from 'typeorm';

import { Audit, Database, type Ending, Holds } from '@libs/persistence';
import { AfterEnding } from '@libs/service';

import { ProjectMember } from '../members/member.entity.js';
import { Project } from '../projects/project.entity.js';

/** Takes away what is left here of tenants, of memberships and of users who are gone for good. */
@Injectable()
export class AfterTenantEnding extends AfterEnding {
  constructor(
    private readonly database: Database,
    private readonly holds: Holds,
    private readonly audit: Audit,
  ) {
    super();
  }

  override async apply({ kind, subjectId, tenantId, endedAt }: Ending): Promise<void> {
    if (kind === 'tenant') await this.endTenant(subjectId, endedAt);
    // Whoever has come back since is a member anew, of other projects.
    const createdAt = LessThanOrEqual(endedAt);
    if (kind === 'membership') await this.forget({ userId: subjectId, tenantId, createdAt });
    if (kind === 'purged-user') await this.forget({ userId: subjectId });
  }

  /** ecs-service hears of the tenant itself, so its projects need not be told of one by one. */
  private async endTenant(tenantId: string, deletedAt: Date): Promise<void> {
    await this.holds.end(tenantId);
    await this.database.manager.delete(ProjectMember, { tenantId });
    const gone = { deletedAt, livingNameKey: null };
    const { affected } = await this.database.manager.update(Project, { tenantId, deletedAt: IsNull() }, gone);
    const count = affected ?? 0;
    if (count === 0) return;
    await this.audit.record({ action: 'projects.deleted', target: tenantId, tenantId, details: { count } });
  }

  /** A project whose owner goes has none: its tenant's owners and admins see it, and hand it on. */
  private async forget(where: FindOptionsWhere<ProjectMember>): Promise<void> {
    const { manager } = this.database;
    const owned = await manager.findBy(ProjectMember, { ...where, role: 'owner' });
    await manager.delete(ProjectMember, where);
    for (const { tenantId, projectId, userId } of owned) {
      await manager.update(Project, { tenantId, id: projectId, ownerId: userId, deletedAt: IsNull() }, { ownerId: '' });
    }
  }
}
