import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, LessThanOrEqual } from 'typeorm';

import { Audit } from '@libs/audit';
import { AfterEnding, type Ending, Holds } from '@libs/deletion-log';
import { type Piece, rowsOfPiece } from '@libs/persistence';

import type { ProjectMember } from '../memberships/member.entity.js';
import { MembersRepository } from '../memberships/members.repository.js';
import { ProjectsRepository } from '../projects/projects.repository.js';

/** Takes away what is left here of tenants, of memberships and of users who are gone for good. */
@Injectable()
export class AfterTenantEnding extends AfterEnding {
  constructor(
    private readonly projects: ProjectsRepository,
    private readonly members: MembersRepository,
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
    await this.holds.end(tenantId);
    const { found, changed } = await this.projects.deleteSomeOf(tenantId, deletedAt);
    if (changed > 0) {
      await this.audit.record({
        action: 'projects.deleted',
        target: tenantId,
        tenantId,
        details: { count: changed },
      });
    }
    return found === rowsOfPiece ? 'more' : this.members.deleteSomeOf(tenantId);
  }

  /** A project whose owner goes has none: its tenant's owners and admins see it, and hand it on. */
  private async forget(where: FindOptionsWhere<ProjectMember>): Promise<Piece> {
    const { piece, ownerless } = await this.members.deleteSomeOfUser(where);
    for (const owned of ownerless) await this.projects.leaveWithoutOwner(owned);
    return piece;
  }
}
