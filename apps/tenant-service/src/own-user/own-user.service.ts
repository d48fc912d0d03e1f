import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Database, type ExpectedVersion, isExpected } from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import { holdMembers } from '../memberships/ownership.js';
import { TenantAccess } from '../memberships/tenant-access.js';
import { EmailChangeService } from '../users/email-change.service.js';
import type { User } from '../users/user.entity.js';
import type { UpdateMe } from '../users/user.schema.js';
import { UsersService } from '../users/users.service.js';

/** What users may change about themselves. */
@Injectable()
export class OwnUserService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly access: TenantAccess,
    private readonly emails: EmailChangeService,
  ) {}

  async update(
    caller: Identity,
    expectedVersion: ExpectedVersion | undefined,
    { email, ...change }: UpdateMe,
  ): Promise<User> {
    if (email === undefined) return this.change(caller, expectedVersion, change);
    const user = await this.users.get(caller.userId);
    if (!isExpected(expectedVersion, user.version)) throw new Refusal('RESOURCE_CHANGED');
    await this.emails.byOwner(caller.userId, caller.sessionId, email);
    return Object.keys(change).length === 0 ? user : this.change(caller, expectedVersion, change);
  }

  private change(caller: Identity, expectedVersion: ExpectedVersion | undefined, change: Omit<UpdateMe, 'email'>) {
    return this.database.transaction(async (manager) => {
      const { defaultTenantId } = change;
      if (defaultTenantId !== undefined) {
        await holdMembers(manager, defaultTenantId);
        await this.access.asMember(caller, defaultTenantId);
      }
      return this.users.update(caller.userId, expectedVersion, change);
    });
  }
}
