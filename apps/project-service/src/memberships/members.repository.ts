import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, In, type SelectQueryBuilder } from 'typeorm';

import { Refusal } from '@libs/errors';
import {
  Database,
  deletePiece,
  type ExpectedVersion,
  type Piece,
  rowsOfPiece,
  TenantRepository,
  whereVersion,
} from '@libs/persistence';

import { ProjectMember } from './member.entity.js';

/** Projects of a tenant that had this owner. */
export interface Owned {
  readonly tenantId: string;
  readonly ownerId: string;
  readonly projectIds: readonly string[];
}

@Injectable()
export class MembersRepository extends TenantRepository<ProjectMember> {
  constructor(private readonly store: Database) {
    super(store, ProjectMember);
  }

  ofProject(tenantId: string, projectId: string, userId: string): Promise<ProjectMember | undefined> {
    return this.findOne(tenantId, { projectId, userId });
  }

  /** Those of one user, under the alias `member`; who that is, the parameters `memberTenantId` and `memberId` say. */
  ofNamedUser(): SelectQueryBuilder<ProjectMember> {
    return this.store.manager
      .createQueryBuilder(ProjectMember, 'member')
      .where('member.tenantId = :memberTenantId')
      .andWhere('member.userId = :memberId');
  }

  /** Refused with RESOURCE_CHANGED unless it still has the expected version; undefined expects none in particular. */
  async remove({ id, tenantId }: ProjectMember, expectedVersion: ExpectedVersion | undefined): Promise<void> {
    const seen = whereVersion(expectedVersion);
    if ((await this.delete(tenantId, { id, ...seen })) !== 1)
      throw new Refusal(expectedVersion === undefined ? 'RESOURCE_NOT_FOUND' : 'RESOURCE_CHANGED');
  }

  /** Deletes a piece of all that a tenant has. */
  async deleteSomeOf(tenantId: string): Promise<Piece> {
    return (await deletePiece(this.store.manager, ProjectMember, { tenantId })) === rowsOfPiece ? 'more' : 'done';
  }

  /** Deletes a piece of those of one user, in whichever tenants, and tells which projects have no owner by that. */
  async deleteSomeOfUser(where: FindOptionsWhere<ProjectMember>): Promise<{ piece: Piece; ownerless: Owned[] }> {
    const ownerless: Owned[] = [];
    const members = await this.store.manager.find(ProjectMember, { where, take: rowsOfPiece });
    for (const [tenantId, own] of Map.groupBy(members, (member) => member.tenantId)) {
      await this.delete(tenantId, { id: In(own.map(({ id }) => id)) });
      const owned = own.filter(({ role }) => role === 'owner');
      const [ownerId] = owned.map(({ userId }) => userId);
      if (ownerId === undefined) continue;
      ownerless.push({ tenantId, ownerId, projectIds: owned.map(({ projectId }) => projectId) });
    }
    return { piece: members.length === rowsOfPiece ? 'more' : 'done', ownerless };
  }
}
