import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';

import { Audit } from '@libs/audit';
import { EndingsLog } from '@libs/deletion-log';
import { Refusal } from '@libs/errors';
import { Database, Outbox, agreedVersion, type ExpectedVersion } from '@libs/persistence';

import { Membership } from '../memberships/membership.entity.js';
import { DefaultTenants } from '../members/default-tenants.js';
import { deletedUser } from './deleted-user.js';
import { type UserCommand, userStatusAfter } from './user-lifecycle.js';
import { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';

/** What operators do with users beyond their fields. */
@Injectable()
export class UserLifecycleService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly defaults: DefaultTenants,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly endings: EndingsLog,
  ) {}

  change(id: string, version: ExpectedVersion | undefined, command: UserCommand, reason: string): Promise<User> {
    return this.database.transaction(async () => {
      const found = await this.users.get(id);
      const status = userStatusAfter(command, found.status);
      // Two commands that saw the same status must not both have it their way.
      const change = { status, statusReason: reason, statusSince: new Date() };
      const user = await this.users.update(id, agreedVersion(version, found.version), change);
      await this.record(`user.${command}`, id, { from: found.status, to: status });
      if (status !== 'active') await this.endings.add({ kind: 'user-sessions', subjectId: id, tenantId: '' });
      return user;
    });
  }

  /**
   * Brings back a deleted user with their memberships. They choose a new password by letter; sessions and keys are gone.
   * Of an account from before origins were written down, the password would tell, and it is gone: it counts as one that
   * has registered itself.
   */
  restore(id: string): Promise<User> {
    return this.database.transaction(async (manager) => {
      const { version, defaultTenantId, origin } = await deletedUser(manager, id);
      const { affected } = await manager.update(
        User,
        { id, version, deletedAt: Not(IsNull()) },
        { deletedAt: null, origin: origin ?? 'registration', version: version + 1, updatedAt: new Date() },
      );
      if (affected !== 1) throw new Refusal('RESOURCE_CHANGED');
      if (
        defaultTenantId === null ||
        !(await manager.existsBy(Membership, { userId: id, tenantId: defaultTenantId }))
      ) {
        await this.defaults.left(id, defaultTenantId);
      }
      await this.outbox.add('user.changed', id, { userId: id });
      await this.record('user.restored', id);
      return this.users.get(id);
    });
  }

  private record(action: string, target: string, details: Record<string, string> = {}): Promise<void> {
    return this.audit.record({ action, target, tenantId: '', details });
  }
}
