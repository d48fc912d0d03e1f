import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { Refusal } from '@libs/errors';
import { Database, newId, TenantRepository, agreedVersion, type ExpectedVersion } from '@libs/persistence';

import { type Identity, isPerson } from '@libs/trusted-headers';

import { Seats } from '../plans/seats.js';
import { type OwnTenant, TenantAccess } from '../memberships/tenant-access.js';
import { type Member, MembersService } from '../memberships/members.service.js';
import { inLivingTenants } from '../memberships/living-tenants.js';
import { Membership } from '../memberships/membership.entity.js';
import { type MemberPlace, MembershipConsequences } from './membership-consequences.js';
import { hasOtherOwner, holdMembers, refuseLastOwner } from '../memberships/ownership.js';
import { mayGrant, type Standing } from '../roles/roles.js';

/** Changes who belongs to a tenant, and as what. */
@Injectable()
export class MembershipsService {
  private readonly memberships: TenantRepository<Membership>;

  constructor(
    private readonly database: Database,
    private readonly access: TenantAccess,
    private readonly members: MembersService,
    private readonly seats: Seats,
    private readonly consequences: MembershipConsequences,
  ) {
    this.memberships = new TenantRepository(database, Membership);
  }

  /** Must not find a member already: the two ids are unique together. */
  add({ tenantId, userId }: MemberPlace, role: string): Promise<Membership> {
    return this.database.transaction(async (manager) => {
      await holdMembers(manager, tenantId);
      await this.seats.refuseUnlessFree(tenantId);
      const membership = await this.memberships.insert({ id: newId(), tenantId, userId, role });
      await this.consequences.ofAdded({ tenantId, userId }, role);
      return membership;
    });
  }

  changeRole(
    caller: Identity,
    place: MemberPlace,
    version: ExpectedVersion | undefined,
    role: string,
  ): Promise<Member> {
    return this.database.transaction(async (manager) => {
      const { tenantId, userId } = place;
      await holdMembers(manager, tenantId);
      const actor = await this.access.permitted(caller, tenantId, 'members:manage');
      const { membership, user } = await this.members.get(tenantId, userId);
      refuseUnlessAbove(
        actor,
        await this.access.standingOf(tenantId, membership.role),
        await this.access.standingOf(tenantId, role),
      );
      if (membership.role === 'owner' && role !== 'owner') await refuseLastOwner(manager, tenantId, userId);

      const changed = await this.memberships.update(tenantId, membership.id, version, { role });
      await this.consequences.ofChanged(place, role);
      return { membership: changed, user };
    });
  }

  /** Anybody may leave, even a disabled tenant; sending others away takes a manager, and a key is nobody. */
  async remove(caller: Identity, place: MemberPlace, version: ExpectedVersion | undefined): Promise<void> {
    await this.database.transaction(async (manager) => {
      const { tenantId, userId } = place;
      const leaves = caller.userId === userId && isPerson(caller);
      await holdMembers(manager, tenantId);
      const actor = leaves
        ? await this.access.asMember(caller, tenantId)
        : await this.access.permitted(caller, tenantId, 'members:manage');
      const { membership } = await this.members.get(tenantId, userId);
      if (!leaves) refuseUnlessAbove(actor, await this.access.standingOf(tenantId, membership.role));
      if (membership.role === 'owner') await refuseLastOwner(manager, tenantId, userId);

      await this.end(manager, membership, version);
    });
  }

  /** Takes the user out of every tenant in which others have a say. How many that were. */
  leaveTenantsOfOthers(userId: string): Promise<number> {
    return this.database.transaction(async (manager) => {
      let left = 0;
      for (const { tenantId } of await inLivingTenants(manager, userId)
        .orderBy('membership.tenantId', 'ASC')
        .getMany()) {
        await holdMembers(manager, tenantId);
        const membership = await this.memberships.findOne(tenantId, { userId });
        const isOnlyOwner = membership?.role === 'owner' && !(await hasOtherOwner(manager, tenantId, userId));
        if (membership === undefined || isOnlyOwner) continue;
        await this.end(manager, membership);
        left += 1;
      }
      return left;
    });
  }

  private async end(manager: EntityManager, membership: Membership, expected?: ExpectedVersion): Promise<void> {
    const { id, tenantId, userId, role } = membership;
    const { affected } = await manager.delete(Membership, {
      id,
      tenantId,
      version: agreedVersion(expected, membership.version),
    });
    if (affected !== 1) throw new Refusal('RESOURCE_CHANGED');

    await this.consequences.ofRemoved({ tenantId, userId }, role);
  }
}

function refuseUnlessAbove(actor: OwnTenant, ...standings: readonly Standing[]): void {
  if (!standings.every((standing) => mayGrant(actor, standing))) throw new Refusal('ACCESS_DENIED');
}
