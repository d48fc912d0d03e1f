import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, In, IsNull, LessThanOrEqual, MoreThanOrEqual } from 'typeorm';

import { Audit } from '@libs/audit';
import { AfterEnding, type Ending, Holds } from '@libs/deletion-log';
import { Database, deletePiece, type Piece, rowsOfPiece, updatePiece } from '@libs/persistence';

import { ProjectMember } from '../memberships/member.entity.js';
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

  override async apply({ kind, subjectId, tenantId, endedAt }: Ending): Promise<Piece> {
    if (kind === 'tenant') return this.endTenant(subjectId, endedAt);
    // Whoever has come back since is a member anew, of other projects.
    const createdAt = LessThanOrEqual(endedAt);
    if (kind === 'membership') return this.forget({ userId: subjectId, tenantId, createdAt });
    if (kind === 'purged-user') return this.forget({ userId: subjectId });
    return 'done';
  }

  /** ecs-service hears of the tenant itself, so its projects need not be told of one by one. */
  private async endTenant(tenantId: string, deletedAt: Date): Promise<Piece> {
    const { manager } = this.database;
    await this.holds.end(tenantId);
    // Those that live are found by their names, which have an index.
    const living = { tenantId, livingNameKey: MoreThanOrEqual(''), deletedAt: IsNull() };
    const { found, changed } = await updatePiece(manager, Project, living, { deletedAt, livingNameKey: null });
    if (changed > 0) {
      await this.audit.record({
        action: 'projects.deleted',
        target: tenantId,
        tenantId,
        details: { count: changed },
      });
    }
    if (found === rowsOfPiece) return 'more';
    return (await deletePiece(manager, ProjectMember, { tenantId })) === rowsOfPiece ? 'more' : 'done';
  }

  /** A project whose owner goes has none: its tenant's owners and admins see it, and hand it on. */
  private async forget(where: FindOptionsWhere<ProjectMember>): Promise<Piece> {
    const { manager } = this.database;
    const members = await manager.find(ProjectMember, { where, take: rowsOfPiece });
    for (const [tenantId, own] of Map.groupBy(members, (member) => member.tenantId)) {
      await manager.delete(ProjectMember, { tenantId, id: In(own.map(({ id }) => id)) });
      const owned = own.filter(({ role }) => role === 'owner');
      const [ownerId] = owned.map(({ userId }) => userId);
      if (ownerId === undefined) continue;
      const projects = In(owned.map(({ projectId }) => projectId));
      await manager.update(Project, { tenantId, id: projects, ownerId, deletedAt: IsNull() }, { ownerId: '' });
    }
    return members.length === rowsOfPiece ? 'more' : 'done';
  }
}
