import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { CredentialServiceService, GrpcClients } from '@libs/grpc';
import { Database } from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import { MembershipsService } from '../members/memberships.service.js';
import { Membership } from '../memberships/membership.entity.js';
import { holdMembers } from '../memberships/ownership.js';
import { type OwnTenant, TenantAccess } from '../memberships/tenant-access.js';
import { InvitationEnds } from '../open-invitations/invitation-ends.js';
import { MailInvitation } from '../open-invitations/mail-invitation.entity.js';
import { isEmailVerified } from '../users/email-holder.js';
import { UsersService } from '../users/users.service.js';
import { hashOfToken, isStillGood } from './invitation-token.js';

/** Makes members of those who have read the mail of an address that was invited. */
@Injectable()
export class AcceptedMailInvitationsService {
  constructor(
    private readonly database: Database,
    private readonly access: TenantAccess,
    private readonly memberships: MembershipsService,
    private readonly ends: InvitationEnds,
    private readonly users: UsersService,
    private readonly clients: GrpcClients,
  ) {}

  /**
   * For whoever has the address that it was sent to. The token proves that they read what goes there: an account that has
   * confirmed no address yet gets this one, and with it all that a first proof does; one that has another does not.
   */
  async accept(caller: Identity, token: string): Promise<OwnTenant> {
    const sent = await this.database.manager.findOneBy(MailInvitation, { tokenHash: hashOfToken(token) });
    if (sent === null || !(await isStillGood(this.ends, sent))) throw new Refusal('RESOURCE_NOT_FOUND');
    await this.proveAddress(caller, sent);
    return this.database.transaction(async (manager) => {
      const found = await manager.findOneBy(MailInvitation, { tokenHash: hashOfToken(token) });
      if (found === null) throw new Refusal('RESOURCE_NOT_FOUND');
      const { id, tenantId, role } = found;
      await holdMembers(manager, tenantId);
      if (!(await isStillGood(this.ends, found))) throw new Refusal('RESOURCE_NOT_FOUND');
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
}

const otherAddress = (): Refusal =>
  new Refusal('ACCESS_DENIED', { detail: 'This invitation was sent to another address than yours.' });
