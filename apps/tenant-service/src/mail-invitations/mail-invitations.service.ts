import { createHash, randomBytes } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { CredentialServiceService, GrpcClients } from '@libs/grpc';
import { Postbox } from '@libs/mail';
import {
  Audit,
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

import { InvitationEnds, invitationLifetimeMs } from '../open-invitations/invitation-ends.js';
import { Membership } from '../memberships/membership.entity.js';
import { MembershipsService } from '../members/memberships.service.js';
import { holdMembers } from '../memberships/ownership.js';
import { mayGrant } from '../roles/roles.js';
import { Seats } from '../plans/seats.js';
import { type OwnTenant, TenantAccess } from '../memberships/tenant-access.js';
import { isEmailVerified } from '../users/email-holder.js';
import { nameKey } from '../users/taken-names.js';
import { UsersService } from '../users/users.service.js';
import { invitationLetter } from './invitation-letter.js';
import { MailInvitation } from '../open-invitations/mail-invitation.entity.js';
import type { CreateMailInvitation } from './mail-invitation.schema.js';
import { mailInvitationListing } from './mail-invitation-listing.js';

/** Where the pages of whoever runs this are; undefined: letters hold the token alone. */
export const accountUrl = Symbol('accountUrl');

const hash = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Invites addresses. Whether somebody has an account with one is told to nobody. */
@Injectable()
export class MailInvitationsService {
  private readonly invitations: TenantRepository<MailInvitation>;

  constructor(
    private readonly database: Database,
    private readonly access: TenantAccess,
    private readonly memberships: MembershipsService,
    private readonly seats: Seats,
    private readonly postbox: Postbox,
    private readonly audit: Audit,
    private readonly ends: InvitationEnds,
    private readonly users: UsersService,
    private readonly clients: GrpcClients,
    @Inject(accountUrl) private readonly pages: string | undefined,
  ) {
    this.invitations = new TenantRepository(database, MailInvitation);
  }

  async list(caller: Identity, tenantId: string, request: PageRequest): Promise<Page<MailInvitation>> {
    await this.access.permitted(caller, tenantId, 'members:manage');
    return mailInvitationListing.page(this.invitations.query(tenantId, 'invitation'), request);
  }

  create(caller: Identity, tenantId: string, { email, role }: CreateMailInvitation): Promise<MailInvitation> {
    return this.database.transaction(async (manager) => {
      await holdMembers(manager, tenantId);
      const actor = await this.access.permitted(caller, tenantId, 'members:manage');
      if (!mayGrant(actor, await this.access.standingOf(tenantId, role))) throw new Refusal('ACCESS_DENIED');
      await this.seats.refuseUnlessFreeToInvite(tenantId);

      const emailKey = nameKey(email);
      // An invitation that nobody followed is replaced by the next one.
      const former = await this.invitations.findOne(tenantId, { emailKey });
      if (former !== undefined && (await this.isGood(former))) throw invitedAlready();
      if (former !== undefined) await manager.delete(MailInvitation, { id: former.id, tenantId });

      const token = `gti_${randomBytes(32).toString('base64url')}`;
      const expiresAt = new Date(Date.now() + invitationLifetimeMs);
      const fields = { id: newId(), tenantId, email, emailKey, role, invitedById: caller.userId, expiresAt };
      const invitation = await this.invitations
        .insert({ ...fields, tokenHash: hash(token) })
        .catch((error: unknown) => {
          throw isUniqueViolation(error) ? invitedAlready() : error;
        });
      await this.postbox.post({ to: email, ...invitationLetter(token, this.pages) }, expiresAt);
      await this.audit.record({ action: 'invitation.mailed', target: invitation.id, tenantId, details: { role } });
      return invitation;
    });
  }

  async withdraw(caller: Identity, tenantId: string, id: string, version: ExpectedVersion | undefined): Promise<void> {
    await this.database.transaction(async (manager) => {
      await this.access.permitted(caller, tenantId, 'members:manage');
      const invitation = await this.invitations.get(tenantId, id);
      const { affected } = await manager.delete(MailInvitation, {
        id,
        tenantId,
        version: agreedVersion(version, invitation.version),
      });
      if (affected !== 1) throw new Refusal('RESOURCE_CHANGED');
      await this.audit.record({ action: 'invitation.withdrawn', target: id, tenantId });
    });
  }

  /**
   * For whoever has the address that it was sent to. The token proves that they read what goes there: an account that has
   * confirmed no address yet gets this one, and with it all that a first proof does; one that has another does not.
   */
  async accept(caller: Identity, token: string): Promise<OwnTenant> {
    const sent = await this.database.manager.findOneBy(MailInvitation, { tokenHash: hash(token) });
    if (sent === null || !(await this.isGood(sent))) throw new Refusal('RESOURCE_NOT_FOUND');
    await this.proveAddress(caller, sent);
    return this.database.transaction(async (manager) => {
      const found = await manager.findOneBy(MailInvitation, { tokenHash: hash(token) });
      if (found === null) throw new Refusal('RESOURCE_NOT_FOUND');
      const { id, tenantId, role } = found;
      await holdMembers(manager, tenantId);
      if (!(await this.isGood(found))) throw new Refusal('RESOURCE_NOT_FOUND');
      const { affected } = await manager.delete(MailInvitation, { id, tenantId });
      if (affected !== 1) throw new Refusal('RESOURCE_NOT_FOUND');

      const place = { tenantId, userId: caller.userId };
      if (!(await manager.existsBy(Membership, place))) await this.memberships.add(place, role);
      const own = await this.access.asMember(caller, tenantId);
      if (own.tenant.status !== 'active') throw new Refusal('ACCESS_TENANT_INACTIVE');
      return own;
    });
  }

  private async proveAddress({ userId, sessionId }: Identity, { email, emailKey }: MailInvitation): Promise<void> {
    const user = await this.users.get(userId);
    if (isEmailVerified(user)) {
      if (user.emailKey !== emailKey) throw otherAddress();
      return;
    }
    try {
      const credentials = this.clients.to('auth-service', CredentialServiceService);
      await credentials.proveEmail({ userId, email, sessionId }, { as: 'service' });
    } catch (error) {
      throw error instanceof Refusal && error.code === 'RESOURCE_CONFLICT' ? otherAddress() : error;
    }
  }

  private async isGood(invitation: MailInvitation): Promise<boolean> {
    return invitation.expiresAt.getTime() > Date.now() && (await this.ends.isGood(invitation));
  }
}

const otherAddress = (): Refusal =>
  new Refusal('ACCESS_DENIED', { detail: 'This invitation was sent to another address than yours.' });

const invitedAlready = (): Refusal =>
  new Refusal('RESOURCE_CONFLICT', { detail: 'This address is invited already; take that invitation back first.' });
