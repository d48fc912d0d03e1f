import { Injectable } from '@nestjs/common';

import { Database } from '@libs/persistence';

import { UsersService } from '../users/users.service.js';
import { inLivingTenants } from '../memberships/living-tenants.js';

/** Keeps each user's default tenant one of their own: of a call that names none, it is the tenant. */
@Injectable()
export class DefaultTenants {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
  ) {}

  /** For the first tenant of a user. */
  async joined(userId: string, tenantId: string): Promise<void> {
    await this.replace(userId, null, tenantId);
  }

  /** Then the user starts in the oldest that is left to them, if any is. */
  async left(userId: string, tenantId: string | null): Promise<void> {
    const oldest = await inLivingTenants(this.database.manager, userId)
      .orderBy('membership.createdAt', 'ASC')
      .addOrderBy('membership.id', 'ASC')
      .limit(1)
      .getOne();
    await this.replace(userId, tenantId, oldest?.tenantId ?? null);
  }

  /** A deleted user has no row to change: a restore looks again. */
  private async replace(userId: string, whereNow: string | null, to: string | null): Promise<void> {
    const user = await this.users.find(userId);
    if (user !== undefined && user.defaultTenantId === whereNow && whereNow !== to) {
      await this.users.update(userId, undefined, { defaultTenantId: to });
    }
  }
}
