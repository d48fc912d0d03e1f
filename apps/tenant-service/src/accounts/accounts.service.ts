import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Database, isUniqueViolation } from '@libs/persistence';

import { MembershipsService } from '../members/memberships.service.js';
import { Id } from '../ids/id.schema.js';
import { type OwnTenant, TenantAccess } from '../memberships/tenant-access.js';
import type { Tenant } from '../tenants/tenant.entity.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { nameKey } from '../users/taken-names.js';
import type { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import type { OpenAccount } from './account.schema.js';

export interface Account {
  readonly user: User;
  /** Absent if the user is not a member of the tenant that was asked for. */
  readonly own: OwnTenant | undefined;
}

export interface OpenedAccount {
  readonly user: User;
  readonly tenant: Tenant;
}

@Injectable()
export class AccountsService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly tenants: TenantsService,
    private readonly access: TenantAccess,
    private readonly memberships: MembershipsService,
  ) {}

  /**
   * An empty `tenantId` stands for the user's default tenant. Both ids may be a client's own words: what is no id
   * belongs to nobody.
   */
  async find(userId: string, tenantId: string): Promise<Account | undefined> {
    const user = await ifId(userId, (id) => this.users.find(id));
    if (user === undefined) return undefined;
    const wanted = tenantId === '' ? (user.defaultTenantId ?? '') : tenantId;
    return { user, own: await ifId(wanted, (id) => this.access.find(user.id, id)) };
  }

  /** Finds what an earlier call with the same ids has made, so that a caller who got no answer may ask again. */
  async open(input: OpenAccount, triesLeft = triesOfOneAddress): Promise<OpenedAccount> {
    const opened = await this.opened(input);
    if (opened !== undefined) return opened;
    try {
      return await this.make(input);
    } catch (error) {
      // Two calls with the same ids have raced, and the other one has made the account. Or somebody else has just entered
      // the same address: nobody is told of that, and it is nobody's yet.
      if (!hasRaced(error)) throw error;
      if (triesLeft > 0) return this.open(input, triesLeft - 1);
      throw isUniqueViolation(error) ? idsInUse() : error;
    }
  }

  private async opened({ userId, tenantId, username }: OpenAccount): Promise<OpenedAccount | undefined> {
    const user = await this.users.find(userId);
    const own = await this.access.find(userId, tenantId);
    if (user === undefined) return undefined;
    if (own !== undefined && user.usernameKey === nameKey(username)) return { user, tenant: own.tenant };
    throw idsInUse();
  }

  private make(input: OpenAccount): Promise<OpenedAccount> {
    const { userId, tenantId, tenantName, ...user } = input;
    return this.database.transaction(async () => {
      const tenant = await this.tenants.add(tenantId, tenantName);
      const owner = await this.users.register({ ...user, id: userId, defaultTenantId: tenantId });
      await this.memberships.add({ tenantId, userId }, 'owner');
      return { user: owner, tenant };
    });
  }
}

/** Of many who register with one address at once, one more is done each time. Whoever is left asks again. */
const triesOfOneAddress = 20;

const hasRaced = (error: unknown): boolean =>
  isUniqueViolation(error) || (error instanceof Refusal && error.code === 'RESOURCE_CHANGED');

const idsInUse = (): Refusal => new Refusal('RESOURCE_CONFLICT', { detail: 'These ids belong to another account.' });

async function ifId<T>(text: string, find: (id: string) => Promise<T | undefined>): Promise<T | undefined> {
  const { data: id } = Id.safeParse(text);
  return id === undefined ? undefined : find(id);
}
