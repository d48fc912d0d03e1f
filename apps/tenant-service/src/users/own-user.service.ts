import { Injectable } from '@nestjs/common';

import { Database } from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import { holdMembers } from '../memberships/ownership.js';
import { TenantAccess } from '../tenants/tenant-access.js';
import type { User } from './user.entity.js';
import type { UpdateMe } from './user.schema.js';
import { UsersService } from './users.service.js';

/** What users may change about themselves. */
@Injectable()
export class OwnUserService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly access: TenantAccess,
  ) {}

  update(caller: Identity, expectedVersion: number | undefined, change: UpdateMe): Promise<User> {
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
