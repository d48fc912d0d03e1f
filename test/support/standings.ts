import { type GrpcClients, TenantServiceService, TenantStatus, UserServiceService, UserStatus } from '@libs/grpc';

import type { Client } from './client.js';
import { aPerson, expectStatus, type Person, untilStatus } from './flow.js';
import { withoutTenant } from './two-tenants.js';

/** What becomes of a call: its own answer, or a refusal at the gateway. */
export type Entry = 'enters' | { readonly status: number; readonly code: string };

/** Somebody in a state, and how they call. */
export interface Caller {
  readonly token?: string;
  readonly apiKey?: string;
  readonly tenant?: string;
}

/** Where a caller stands: account, membership, tenant and session, and what they may call from there. */
export interface Standing {
  readonly account: string;
  readonly membership: string;
  readonly tenant: string;
  readonly session: string;
  readonly own: Entry;
  readonly ofTenant: Entry;
  readonly make: (client: Client, internal: GrpcClients) => Promise<Caller>;
}

const asService = { as: 'service' } as const;
const denied = { status: 403, code: 'ACCESS_TENANT_DENIED' };
const inactiveTenant = { status: 403, code: 'ACCESS_TENANT_INACTIVE' };
const inactive = { status: 403, code: 'ACCESS_USER_INACTIVE' };
const rejected = { status: 401, code: 'AUTH_CREDENTIALS_REJECTED' };

/** ARCHITECTURE.md has this table, line for line, and says why. A state that is no line of it has not been thought of. */
export const standings: readonly Standing[] = [
  {
    account: 'none',
    membership: 'none',
    tenant: 'none',
    session: 'none',
    own: { status: 401, code: 'AUTH_CREDENTIALS_MISSING' },
    ofTenant: { status: 401, code: 'AUTH_CREDENTIALS_MISSING' },
    make: () => Promise.resolve({}),
  },
  {
    account: 'active',
    membership: 'any',
    tenant: 'active',
    session: 'live',
    own: 'enters',
    ofTenant: 'enters',
    make: async (client) => ({ token: (await aPerson(client, 'ann')).token }),
  },
  {
    account: 'active',
    membership: 'any',
    tenant: 'active',
    session: 'ended',
    own: rejected,
    ofTenant: rejected,
    make: async (client) => {
      const { token } = await aPerson(client, 'ben');
      expectStatus(await client.post('/auth/logout', { token }), 204);
      await untilStatus(() => client.get('/projects', { token }), 401, 5_000);
      return { token };
    },
  },
  {
    account: 'disabled',
    membership: 'any',
    tenant: 'active',
    session: 'live',
    own: inactive,
    ofTenant: inactive,
    make: async (client, internal) => {
      const { token, userId } = await aPerson(client, 'cat');
      const users = internal.to('tenant-service', UserServiceService);
      await users.setUserStatus({ id: userId, status: UserStatus.DISABLED }, asService);
      await untilStatus(() => client.get('/projects', { token }), 403, 5_000);
      return { token };
    },
  },
  {
    account: 'locked, suspended or deleted',
    membership: 'any',
    tenant: 'active',
    session: 'ended by it',
    own: rejected,
    ofTenant: rejected,
    make: async (client, internal) => {
      const { token, userId } = await aPerson(client, 'dan');
      await internal.to('tenant-service', UserServiceService).lockUser({ id: userId, reason: '', etag: '' }, asService);
      await untilStatus(() => client.get('/projects', { token }), 401, 5_000);
      return { token };
    },
  },
  {
    account: 'active',
    membership: 'none',
    tenant: 'none',
    session: 'live',
    own: 'enters',
    ofTenant: denied,
    make: async (client, internal) => ({ token: (await withoutTenant(client, internal)).token }),
  },
  {
    account: 'active',
    membership: 'ended',
    tenant: 'active',
    session: 'live, of that tenant',
    own: 'enters',
    ofTenant: denied,
    make: async (client, internal) => {
      const owner = await aPerson(client, 'eve');
      const { userId, username, login } = await withoutTenant(client, internal);
      const path = `/tenants/${owner.tenantId}`;
      await join(client, owner, { username, token: await login() });
      const token = await login();
      expectStatus(await client.get('/projects', { token }), 200);
      expectStatus(await client.delete(`${path}/members/${userId}`, { token: owner.token }), 204);
      await untilStatus(() => client.get('/projects', { token }), 403, 5_000);
      return { token };
    },
  },
  {
    account: 'active',
    membership: 'ended with it',
    tenant: 'deleted',
    session: 'live, of that tenant',
    own: 'enters',
    ofTenant: denied,
    make: async (client) => {
      const { token, tenantId } = await aPerson(client, 'fay');
      expectStatus(await client.delete(`/tenants/${tenantId}`, { token }), 204);
      await untilStatus(() => client.get('/projects', { token }), 403, 5_000);
      return { token };
    },
  },
  {
    account: 'active',
    membership: 'any',
    tenant: 'disabled',
    session: 'live, of that tenant',
    own: 'enters',
    ofTenant: inactiveTenant,
    make: async (client, internal) => {
      const { token, tenantId } = await aPerson(client, 'gil');
      await disable(internal, tenantId);
      await untilStatus(() => client.get('/projects', { token }), 403, 5_000);
      return { token };
    },
  },
  {
    account: 'active',
    membership: 'any',
    tenant: 'disabled',
    session: 'live, of another tenant, this one named in X-Tenant-Id',
    own: inactiveTenant,
    ofTenant: inactiveTenant,
    make: async (client, internal) => {
      const owner = await aPerson(client, 'hal');
      const { username, token } = await aPerson(client, 'ida');
      await join(client, owner, { username, token });
      await disable(internal, owner.tenantId);
      const caller = { token, tenant: owner.tenantId };
      await untilStatus(() => client.get('/projects', caller), 403, 5_000);
      return caller;
    },
  },
  {
    account: 'active',
    membership: 'none in the one named',
    tenant: 'named in X-Tenant-Id',
    session: 'live',
    own: denied,
    ofTenant: denied,
    make: async (client) => {
      const other = await aPerson(client, 'jon');
      return { token: (await aPerson(client, 'kim')).token, tenant: other.tenantId };
    },
  },
];

/** Makes somebody a member of the owner's tenant. */
export async function join(
  client: Client,
  owner: Person,
  { username, token }: Pick<Person, 'username' | 'token'>,
): Promise<void> {
  const body = { username, role: 'member' };
  const asked = await client.post(`/tenants/${owner.tenantId}/invitations`, { token: owner.token, body });
  const { id } = expectStatus(asked, 201).body;
  expectStatus(await client.post(`/users/me/invitations/${id}:accept`, { token }), 200);
}

export async function disable(internal: GrpcClients, id: string): Promise<void> {
  const tenants = internal.to('tenant-service', TenantServiceService);
  await tenants.setTenantStatus({ id, status: TenantStatus.DISABLED }, asService);
}
