import { Injectable } from '@nestjs/common';

import { Audit } from '@libs/audit';
import { Refusal } from '@libs/errors';
import { Database, newId } from '@libs/persistence';

import { MembershipsService } from '../members/memberships.service.js';
import { TenantAccess } from '../memberships/tenant-access.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { nameKey } from '../users/taken-names.js';
import type { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import type { OpenInvitedAccount } from './account.schema.js';
import type { OpenedAccount } from './accounts.service.js';

/** Makes accounts like all others of the users who were invited and have shown that they read the letter. */
@Injectable()
export class InvitedAccountsService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly tenants: TenantsService,
    private readonly access: TenantAccess,
    private readonly memberships: MembershipsService,
    private readonly audit: Audit,
  ) {}

  async open(input: OpenInvitedAccount): Promise<OpenedAccount> {
    try {
      return await this.tryToOpen(input);
    } catch (error) {
      // Of several calls at once, the others find what the first has made.
      if (!(error instanceof Refusal && error.code === 'RESOURCE_CHANGED')) throw error;
      return this.tryToOpen(input);
    }
  }

  private tryToOpen(input: OpenInvitedAccount): Promise<OpenedAccount> {
    return this.database.transaction(async () => {
      const user = await this.users.find(input.userId);
      // An operator may have entered another address meanwhile: whoever read the letter is not who is invited.
      if (user === undefined || nameKey(user.email) !== nameKey(input.email)) throw notInvited();
      return (await this.opened(user, input)) ?? (await this.make(user, input));
    });
  }

  /** What an earlier call has made whose answer was lost. */
  private async opened(user: User, { username }: OpenInvitedAccount): Promise<OpenedAccount | undefined> {
    const { id, status, usernameKey, defaultTenantId } = user;
    if (status !== 'active' || usernameKey !== nameKey(username) || defaultTenantId === null) return undefined;
    const own = await this.access.find(id, defaultTenantId);
    return own && { user, tenant: own.tenant };
  }

  private async make(user: User, { username, ...input }: OpenInvitedAccount): Promise<OpenedAccount> {
    if (user.status !== 'invited') throw notInvited();
    const displayName = input.displayName ?? (user.displayName || username);
    const tenant = await this.tenants.add(newId(), input.tenantName ?? displayName);
    const active = { status: 'active', statusReason: '', statusSince: new Date() } as const;
    const names = { username, displayName, defaultTenantId: tenant.id };
    const owner = await this.users.update(user.id, user.version, { ...names, ...active });
    await this.memberships.add({ tenantId: tenant.id, userId: user.id }, 'owner');
    const details = { from: 'invited', to: 'active' };
    await this.audit.record({ action: 'user.activated', target: user.id, tenantId: '', details });
    return { user: owner, tenant };
  }
}

const notInvited = (): Refusal => new Refusal('RESOURCE_CONFLICT', { detail: 'Nobody is invited at this address.' });
