import { Injectable } from '@nestjs/common';

import { Audit } from '@libs/audit';
import { Refusal } from '@libs/errors';
import { Database, type Page, type PageRequest, TenantRepository } from '@libs/persistence';

import { Membership } from '../memberships/membership.entity.js';
import { MembershipsService } from '../members/memberships.service.js';
import { holdMembers } from '../memberships/ownership.js';
import { type FullInvitation, fullInvitation, fullInvitations } from './full-invitation.js';
import { Invitation } from '../open-invitations/invitation.entity.js';
import { InvitationEnds, sentLongAgo } from '../open-invitations/invitation-ends.js';
import { ownInvitationListing, openOrAnswered } from './invitation-listing.js';

/** Invitations as the invited user sees them. They cross tenants, so each query names the user instead. */
@Injectable()
export class MyInvitationsService {
  private readonly invitations: TenantRepository<Invitation>;

  constructor(
    private readonly database: Database,
    private readonly memberships: MembershipsService,
    private readonly audit: Audit,
    private readonly ends: InvitationEnds,
  ) {
    this.invitations = new TenantRepository(database, Invitation);
  }

  async list(userId: string, request: PageRequest): Promise<Page<FullInvitation>> {
    const mine = this.database.manager
      .createQueryBuilder(Invitation, 'invitation')
      .where('invitation.userId = :userId', { userId })
      .andWhere(openOrAnswered, { sentLongAgo: sentLongAgo() });
    const page = await ownInvitationListing.page(mine, request);
    return { ...page, items: await fullInvitations(this.database.manager, page.items) };
  }

  accept(userId: string, id: string): Promise<FullInvitation> {
    return this.answer(userId, id, 'accepted', async ({ invitation, tenant }) => {
      if (tenant.status !== 'active') throw new Refusal('ACCESS_TENANT_INACTIVE');
      if (!(await this.ends.isGood(invitation))) throw new Refusal('RESOURCE_NOT_FOUND');
      const place = { tenantId: tenant.id, userId };
      const isMember = await this.database.manager.existsBy(Membership, place);
      if (!isMember) await this.memberships.add(place, invitation.role);
    });
  }

  decline(userId: string, id: string): Promise<FullInvitation> {
    return this.answer(userId, id, 'declined', () => Promise.resolve());
  }

  private answer(
    userId: string,
    id: string,
    status: 'accepted' | 'declined',
    follow: (full: FullInvitation) => Promise<void>,
  ): Promise<FullInvitation> {
    return this.database.transaction(async (manager) => {
      await holdMembers(manager, (await this.mine(userId, id)).tenantId);
      const full = await fullInvitation(manager, await this.mine(userId, id));
      if (full.invitation.status !== 'pending')
        throw new Refusal('RESOURCE_CONFLICT', { detail: 'It is answered already.' });
      await follow(full);
      const { tenantId } = full.invitation;
      const invitation = await this.invitations.update(tenantId, id, undefined, { status, pendingUserId: null });
      await this.audit.record({ action: `invitation.${status}`, target: id, tenantId });
      return { ...full, invitation };
    });
  }

  private async mine(userId: string, id: string): Promise<Invitation> {
    const invitation = await this.database.manager.findOneBy(Invitation, { id, userId });
    if (invitation === null) throw new Refusal('RESOURCE_NOT_FOUND');
    return invitation;
  }
}
