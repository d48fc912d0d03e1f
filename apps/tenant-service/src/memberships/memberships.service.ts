import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { Refusal } from '@libs/errors';
import { Database, newId, Outbox, TenantRepository } from '@libs/persistence';

import { type OwnTenant, TenantAccess } from '../tenants/tenant-access.js';
import { UsersService } from '../users/users.service.js';
import { type Member, MembersService } from './members.service.js';
import { Membership } from './membership.entity.js';
import { holdMembers, refuseLastOwner } from './ownership.js';
import { type MemberRole, mayGrant } from './roles.js';

export interface MemberPlace {
  readonly tenantId: string;
  readonly userId: string;
}

/** Changes who belongs to a tenant, and as what. */
@Injectable()
export class MembershipsService {
  private readonly memberships: TenantRepository<Membership>;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly access: TenantAccess,
    private readonly members: MembersService,
    private readonly users: UsersService,
  ) {
    this.memberships = new TenantRepository(database, Membership);
  }

  /** Must not find a member already: the two ids are unique together. */
  add({ tenantId, userId }: MemberPlace, role: MemberRole): Promise<Membership> {
    return this.database.transaction(async (manager) => {
      await holdMembers(manager, tenantId);
      const membership = await this.memberships.insert({ id: newId(), tenantId, userId, role });
      await this.setDefaultTenant(userId, { whereNow: null, to: tenantId });
      await this.announce({ tenantId, userId });
      return membership;
    });
  }

  changeRole(actorId: string, place: MemberPlace, version: number | undefined, role: MemberRole): Promise<Member> {
    return this.database.transaction(async (manager) => {
      const { tenantId, userId } = place;
      await holdMembers(manager, tenantId);
      const actor = await this.access.asManager(actorId, tenantId);
      const { membership, user } = await this.members.get(tenantId, userId);
      refuseUnlessAbove(actor, membership.role, role);
      if (membership.role === 'owner' && role !== 'owner') await refuseLastOwner(manager, tenantId, userId);

      const changed = await this.memberships.update(tenantId, membership.id, version, { role });
      await this.announce(place);
      return { membership: changed, user };
    });
  }

  /** Anybody may leave, even a disabled tenant; sending others away takes a manager. */
  async remove(actorId: string, place: MemberPlace, version: number | undefined): Promise<void> {
    await this.database.transaction(async (manager) => {
      const { tenantId, userId } = place;
      const leaves = actorId === userId;
      await holdMembers(manager, tenantId);
      const actor = leaves
        ? await this.access.asMember(actorId, tenantId)
        : await this.access.asManager(actorId, tenantId);
      const { membership } = await this.members.get(tenantId, userId);
      if (!leaves) refuseUnlessAbove(actor, membership.role);
      if (membership.role === 'owner') await refuseLastOwner(manager, tenantId, userId);

      await this.end(manager, membership, version);
      await this.announce(place);
    });
  }

  private async end(manager: EntityManager, membership: Membership, version = membership.version): Promise<void> {
    const { id, tenantId, userId } = membership;
    const { affected } = await manager.delete(Membership, { id, tenantId, version });
    if (affected !== 1) throw new Refusal('RESOURCE_CHANGED');

    const [oldest] = await manager.find(Membership, {
      where: { userId },
      order: { createdAt: 'ASC', id: 'ASC' },
      take: 1,
    });
    await this.setDefaultTenant(userId, { whereNow: tenantId, to: oldest?.tenantId ?? null });
  }

  private async setDefaultTenant(
    userId: string,
    { whereNow, to }: { readonly whereNow: string | null; readonly to: string | null },
  ): Promise<void> {
    const user = await this.users.get(userId);
    if (user.defaultTenantId === whereNow && whereNow !== to) {
      await this.users.update(userId, undefined, { defaultTenantId: to });
    }
  }

  private announce({ tenantId, userId }: MemberPlace): Promise<void> {
    return this.outbox.add('membership.changed', userId, { userId, tenantId });
  }
}

function refuseUnlessAbove(actor: OwnTenant, ...roles: readonly MemberRole[]): void {
  if (!roles.every((role) => mayGrant(actor.membership.role, role))) throw new Refusal('ACCESS_DENIED');
}
