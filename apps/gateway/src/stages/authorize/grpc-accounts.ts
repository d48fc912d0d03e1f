import type { OnApplicationShutdown } from '@nestjs/common';

import { FreshCache } from '@libs/caches';
import { Refusal } from '@libs/errors';
import type { EventBus } from '@libs/events';
import {
  AccountServiceService,
  type GetAccountResponse,
  type GrpcClient,
  type Tenant,
  TenantStatus,
  UserStatus,
} from '@libs/grpc';
import { type Identity, narrowed } from '@libs/trusted-headers';

import { askDirectory, directoryDeadlineMs } from '../../request/ask-directory.js';
import type { GatewayContext } from '../../request/gateway-context.js';
import { spendDeferredAddressLimit } from '../../request/deferred-address-limit.js';
import { Accounts } from './accounts.js';

type AccountClient = Pick<GrpcClient<typeof AccountServiceService>, 'getAccount'>;

const maxAccounts = 100_000;

/** Accounts as tenant-service knows them, remembered until it tells of a change. */
export class GrpcAccounts extends Accounts implements OnApplicationShutdown {
  private readonly accounts: FreshCache<GetAccountResponse>;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly client: AccountClient,
    bus: EventBus,
  ) {
    super();
    this.accounts = new FreshCache({ name: 'accounts', bus, maxEntries: maxAccounts, tagsOf });
    const stopUsers = bus.subscribe(['user.changed', 'user.deleted', 'membership.changed'], ({ payload }) =>
      this.accounts.invalidate(userTag(payload.userId)),
    );
    const stopTenants = bus.subscribe(['tenant.changed'], ({ payload }) =>
      this.accounts.invalidate(tenantTag(payload.tenantId)),
    );
    const stopPlans = bus.subscribe(['plan.changed'], ({ payload }) =>
      this.accounts.invalidate(planTag(payload.planKey)),
    );
    this.unsubscribe = () => {
      stopPlans();
      stopUsers();
      stopTenants();
    };
  }

  async resolve(identity: Identity, tenantId: string, context: GatewayContext): Promise<Identity> {
    const { userId } = identity;
    const key = keyOf(userId, tenantId);
    const account = this.accounts.known(key) ?? (await this.ask(key, { userId, tenantId }, context));
    const { user, tenant, roles } = account;
    if (user === undefined) throw new Refusal('ACCESS_USER_INACTIVE', { internal: 'there is no such user' });
    if (user.status !== UserStatus.ACTIVE) throw new Refusal('ACCESS_USER_INACTIVE');
    if (tenant?.status !== TenantStatus.ACTIVE) {
      refuseWithoutTenant(tenant, identity, tenantId, context);
      context.planned = undefined;
      return { ...identity, userName: user.username, active: true, roles: user.platformRoles, tenantId: '' };
    }
    if (tenant.requireSecondFactor === true) refuseUnproven(identity, context);
    const scopes = scopesOf(identity, account);
    context.planned = account.plan?.requests;
    return { ...identity, userName: user.username, active: true, roles, scopes, tenantId: tenant.id };
  }

  private async ask(
    key: string,
    asked: { readonly userId: string; readonly tenantId: string },
    context: GatewayContext,
  ): Promise<GetAccountResponse> {
    await spendDeferredAddressLimit(context);
    return this.accounts.get(key, () =>
      askDirectory(context, () => this.client.getAccount(asked, { as: 'service', deadlineMs: directoryDeadlineMs })),
    );
  }

  onApplicationShutdown(): void {
    this.unsubscribe();
    this.accounts.close();
  }
}

/**
 * Where a person may act without a tenant, who has none works in none, and so does who comes with a token of a tenant that
 * they have left, or that is deleted or disabled. A tenant that is named is the one, or nothing is done.
 */
function refuseWithoutTenant(
  tenant: Tenant | undefined,
  identity: Identity,
  wanted: string,
  { route: { access } }: GatewayContext,
): void {
  const isOpen = access.withoutTenant || !access.authenticated;
  if (isOpen && identity.authMethod === 'jwt' && wanted === identity.tenantId) return;
  throw new Refusal(tenant === undefined ? 'ACCESS_TENANT_DENIED' : 'ACCESS_TENANT_INACTIVE');
}

/** A key is no person, and was made in a session that this let in. What is open to all is open to members, too. */
function refuseUnproven({ authMethod }: Identity, { isMultiFactor, route: { access } }: GatewayContext): void {
  if (authMethod !== 'jwt' || isMultiFactor || access.withoutSecondFactor || !access.authenticated) return;
  throw new Refusal('ACCESS_SECOND_FACTOR_REQUIRED');
}

/** A role of the tenant's own says here what it allows, so that the services need not ask. */
function scopesOf({ scopes }: Identity, { permissions }: GetAccountResponse): readonly string[] {
  if (permissions.length === 0) return scopes;
  const left = narrowed(permissions, scopes);
  // Empty scopes would mean that nothing is narrowed.
  if (left.length === 0) throw new Refusal('ACCESS_DENIED', { internal: 'the role allows none of the scopes' });
  return left;
}

/** No id of ours holds a line break, so no other pair of ids has the same key. */
const keyOf = (userId: string, tenantId: string): string => `${tenantId}\n${userId}`;
const userTag = (userId: string): string => `user:${userId}`;
const planTag = (planKey: string): string => `plan:${planKey}`;
const tenantTag = (tenantId: string): string => `tenant:${tenantId}`;

/** The tenant asked for counts too: an answer without a tenant changes when that tenant does. */
function tagsOf({ tenant, plan }: GetAccountResponse, key: string): readonly string[] {
  const [asked = '', userId = ''] = key.split('\n');
  const tags = [userTag(userId), tenantTag(asked), tenantTag(tenant?.id ?? '')];
  return plan === undefined ? tags : [...tags, planTag(plan.key)];
}
