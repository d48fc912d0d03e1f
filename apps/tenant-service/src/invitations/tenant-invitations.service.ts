import { Injectable } from '@nestjs/common';

import { Audit } from '@libs/audit';
import { Refusal } from '@libs/errors';
import {
  Database,
  isUniqueViolation,
  newId,
  type Page,
  type PageRequest,
  TenantRepository,
  agreedVersion,
  type ExpectedVersion,
} from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import { Membership } from '../memberships/membership.entity.js';
import { holdMembers } from '../memberships/ownership.js';
import { mayGrant } from '../roles/roles.js';
import { Seats } from '../plans/seats.js';
import { TenantAccess } from '../memberships/tenant-access.js';
import { UsersService } from '../users/users.service.js';
import { type FullInvitation, fullInvitation, fullInvitations } from './full-invitation.js';
import { Invitation } from '../open-invitations/invitation.entity.js';
import { InvitationEnds, sentLongAgo } from '../open-invitations/invitation-ends.js';
import { invitationListing, openOrAnswered } from './invitation-listing.js';
import type { CreateInvitation } from './invitation.schema.js';

/** Invitations as the tenant sees them that they lead into. All of it is for whoever may `members:manage`. */
@Injectable()
export class TenantInvitationsService {
  private readonly invitations: TenantRepository<Invitation>;

  constructor(
    private readonly database: Database,
    private readonly access: TenantAccess,
    private readonly users: UsersService,
    private readonly seats: Seats,
    private readonly audit: Audit,
    private readonly ends: InvitationEnds,
  ) {
    this.invitations = new TenantRepository(database, Invitation);
  }

  async list(caller: Identity, tenantId: string, request: PageRequest): Promise<Page<FullInvitation>> {
    await this.access.permitted(caller, tenantId, 'members:manage');
    const query = this.invitations.query(tenantId, 'invitation');
    const page = await invitationListing.page(query.andWhere(openOrAnswered, { sentLongAgo: sentLongAgo() }), request);
    return { ...page, items: await fullInvitations(this.database.manager, page.items) };
  }

  async get(caller: Identity, tenantId: string, id: string): Promise<FullInvitation> {
    await this.access.permitted(caller, tenantId, 'members:manage');
    return fullInvitation(this.database.manager, await this.invitations.get(tenantId, id));
  }

  /** User names are no secret. Addresses are: whom one belongs to is told by no answer, so those are written to. */
  create(
    caller: Identity,
    tenantId: string,
    input: Pick<CreateInvitation, 'role'> & { readonly username: string },
  ): Promise<FullInvitation> {
    return this.database.transaction(async (manager) => {
      await holdMembers(manager, tenantId);
      const actor = await this.access.permitted(caller, tenantId, 'members:manage');
      const given = await this.access.standingOf(tenantId, input.role);
      if (!mayGrant(actor, given)) throw new Refusal('ACCESS_DENIED');

      const user = await this.invited(input.username);
      const place = { tenantId, userId: user.id };
      if (await manager.existsBy(Membership, place)) {
        throw new Refusal('RESOURCE_CONFLICT', { detail: 'This user is a member already.' });
      }
      const former = await this.invitations.findOne(tenantId, { pendingUserId: user.id });
      if (former !== undefined && !(await this.ends.isGood(former))) {
        await this.invitations.delete(tenantId, { id: former.id });
      }
      await this.seats.refuseUnlessFreeToInvite(tenantId);
      const invitation = await this.invitations
        .insert({
          id: newId(),
          ...place,
          pendingUserId: user.id,
          invitedById: caller.userId,
          role: input.role,
          status: 'pending',
        })
        .catch((error: unknown) => {
          if (!isUniqueViolation(error)) throw error;
          throw new Refusal('RESOURCE_CONFLICT', { detail: 'This user is invited already.' });
        });
      const details = { userId: user.id, role: input.role };
      await this.audit.record({ action: 'invitation.created', target: invitation.id, tenantId, details });
      return { invitation, tenant: actor.tenant, user };
    });
  }

  /** Takes an open invitation back. */
  async withdraw(caller: Identity, tenantId: string, id: string, version: ExpectedVersion | undefined): Promise<void> {
    await this.database.transaction(async () => {
      await this.access.permitted(caller, tenantId, 'members:manage');
      const invitation = await this.invitations.get(tenantId, id);
      if (invitation.status !== 'pending')
        throw new Refusal('RESOURCE_CONFLICT', { detail: 'It is answered already.' });

      const seen = { id, status: invitation.status, version: agreedVersion(version, invitation.version) };
      if ((await this.invitations.delete(tenantId, seen)) !== 1) throw new Refusal('RESOURCE_CHANGED');
      await this.audit.record({ action: 'invitation.withdrawn', target: id, tenantId });
    });
  }

  private async invited(username: string) {
    const user = await this.users.findByLogin(username);
    if (user !== undefined) return user;
    const errors = [{ field: 'username', code: 'NOT_FOUND', message: 'Nobody has it' }];
    throw new Refusal('RESOURCE_NOT_FOUND', { errors });
  }
}
