import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Database, newId } from '@libs/persistence';

import { InvitationEnds } from '../open-invitations/invitation-ends.js';
import { inLivingTenants } from '../memberships/living-tenants.js';
import { MembershipsService } from '../members/memberships.service.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { confirmedByOther } from '../users/email-claims.js';
import { nameKey } from '../users/taken-names.js';
import type { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import type { ConfirmEmail } from './account.schema.js';

/** What auth-service says about addresses: it has seen the proof. */
@Injectable()
export class EmailConfirmationService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly memberships: MembershipsService,
    private readonly tenants: TenantsService,
    private readonly invitations: InvitationEnds,
  ) {}

  async confirm(confirmed: ConfirmEmail): Promise<void> {
    try {
      await this.database.transaction(() => this.apply(confirmed));
    } catch (error) {
      // Of two who confirm one address at once, one does.
      throw error instanceof Refusal && error.code === 'RESOURCE_NAME_TAKEN' ? confirmedByOther() : error;
    }
  }

  private async apply({ userId, email, isFirst }: ConfirmEmail): Promise<void> {
    const user = await this.users.find(userId);
    if (user === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
    const key = nameKey(email);
    if (user.emailKey === key && user.verifiedEmailKey === key) return;
    await this.users.confirmEmail(user, email);
    // Somebody else may have made the account, under an address that is not theirs.
    if (isFirst && user.verifiedEmailKey === null) await this.voidWhatOthersBound(user);
  }

  private async voidWhatOthersBound({ id, displayName, username }: User): Promise<void> {
    await this.invitations.endAllOf(id);
    const left = await this.memberships.leaveTenantsOfOthers(id);
    if (left === 0 || (await inLivingTenants(this.database.manager, id).getExists())) return;
    const tenant = await this.tenants.add(newId(), displayName || username);
    await this.memberships.add({ tenantId: tenant.id, userId: id }, 'owner');
  }
}
