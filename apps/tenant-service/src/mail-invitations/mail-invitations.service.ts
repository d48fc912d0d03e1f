import { randomBytes } from 'node:crypto';

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

import { InvitationEnds, invitationLifetimeMs } from '../open-invitations/invitation-ends.js';
import { holdMembers } from '../memberships/ownership.js';
import { mayGrant } from '../roles/roles.js';
import { Seats } from '../plans/seats.js';
import { TenantAccess } from '../memberships/tenant-access.js';
import { nameKey } from '../users/taken-names.js';
import { hashOfToken, isStillGood } from './invitation-token.js';
import { InvitationEmails } from './invitation-emails.js';
import { MailInvitation } from '../open-invitations/mail-invitation.entity.js';
import type { CreateMailInvitation } from './mail-invitation.schema.js';
import { mailInvitationListing } from './mail-invitation-listing.js';

/** Invites addresses. Whether somebody has an account with one is told to nobody. */
@Injectable()
export class MailInvitationsService {
  private readonly invitations: TenantRepository<MailInvitation>;

  constructor(
    private readonly database: Database,
    private readonly access: TenantAccess,
    private readonly seats: Seats,
    private readonly emails: InvitationEmails,
    private readonly audit: Audit,
    private readonly ends: InvitationEnds,
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
        .insert({ ...fields, tokenHash: hashOfToken(token) })
        .catch((error: unknown) => {
          throw isUniqueViolation(error) ? invitedAlready() : error;
        });
      await this.emails.send(email, token, expiresAt);
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

  private isGood(invitation: MailInvitation): Promise<boolean> {
    return isStillGood(this.ends, invitation);
  }
}

const invitedAlready = (): Refusal =>
  new Refusal('RESOURCE_CONFLICT', { detail: 'This address is invited already; take that invitation back first.' });
