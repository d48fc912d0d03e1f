import { Refusal } from '@libs/errors';
import { type GatehouseEvents, type GatehouseTopic, MemoryEventBus } from '@libs/events';
import { type GetAccountResponse, TenantStatus, UserStatus } from '@libs/grpc';
import { anIdentity } from '@libs/testing';

import { aRequest, type RequestSketch } from '../authenticate/a-request.fixture.js';
import { GrpcAccounts } from './grpc-accounts.js';

const user = {
  id: 'user-alice',
  username: 'alice',
  email: 'alice@example.com',
  displayName: 'Alice',
  status: UserStatus.ACTIVE,
  platformRoles: [],
  etag: '"1"',
};
const tenant = { id: 'tenant-acme', name: 'Acme', status: TenantStatus.ACTIVE, etag: '"1"' };
const alice = anIdentity({ userName: '', active: false, roles: ['claimed'] });
const { context } = aRequest();

describe('GrpcAccounts', () => {
  let asked: { userId: string; tenantId: string }[];
  let answer: () => Promise<GetAccountResponse>;
  let bus: MemoryEventBus;
  let accounts: GrpcAccounts;

  beforeEach(() => {
    asked = [];
    answer = () => Promise.resolve({ user, tenant, roles: ['owner'], permissions: [] });
    bus = new MemoryEventBus();
    const getAccount = (request: { userId: string; tenantId: string }) => {
      asked.push(request);
      return answer();
    };
    accounts = new GrpcAccounts({ getAccount }, bus);
  });
  afterEach(() => accounts.onApplicationShutdown());

  const resolve = (tenantId = 'tenant-acme') => accounts.resolve(alice, tenantId, context);
  const publish = <T extends GatehouseTopic>(topic: T, payload: GatehouseEvents[T]) =>
    bus.publish({ topic, key: 'k', payload, id: 'event-1', time: '2026-01-01T00:00:00Z' });

  it('completes the identity with what tenant-service says, not with what the token claimed', async () => {
    expect(await resolve()).toEqual({ ...alice, userName: 'alice', active: true, roles: ['owner'] });
    await resolve();
    expect(asked).toEqual([{ userId: 'user-alice', tenantId: 'tenant-acme' }]);
  });

  it("puts the permissions of a tenant's own role in the place of the scopes, narrowed by those of a key", async () => {
    const roles = ['role:ops'];
    answer = () => Promise.resolve({ user, tenant, roles, permissions: ['instances:write', 'shop:*'] });
    expect(await resolve()).toMatchObject({ roles, scopes: ['instances:write', 'shop:*'] });
    const key = (scopes: string[]) =>
      accounts.resolve({ ...alice, authMethod: 'api-key', scopes }, 'tenant-acme', context);
    expect(await key(['instances:read', 'projects:manage'])).toMatchObject({ scopes: ['instances:read'] });
    await expect(key(['projects:manage'])).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('finds the tenant of a user who names none', async () => {
    expect(await accounts.resolve({ ...alice, tenantId: '' }, '', context)).toMatchObject({ tenantId: 'tenant-acme' });
  });

  it.each([
    { who: 'a user who does not exist', account: { roles: [], permissions: [] }, code: 'ACCESS_USER_INACTIVE' },
    {
      who: 'a disabled user',
      account: { user: { ...user, status: UserStatus.DISABLED }, tenant, roles: [], permissions: [] },
      code: 'ACCESS_USER_INACTIVE',
    },
    {
      who: 'a user of a status that is not known here',
      account: { user: { ...user, status: 99 as UserStatus }, tenant, roles: [], permissions: [] },
      code: 'ACCESS_USER_INACTIVE',
    },
    { who: 'somebody who is no member', account: { user, roles: [], permissions: [] }, code: 'ACCESS_TENANT_DENIED' },
    {
      who: 'a member of a disabled tenant',
      account: { user, tenant: { ...tenant, status: TenantStatus.DISABLED }, roles: [], permissions: [] },
      code: 'ACCESS_TENANT_INACTIVE',
    },
  ])('keeps out $who', async ({ account, code }) => {
    answer = () => Promise.resolve(account);
    await expect(resolve()).rejects.toMatchObject({ code });
  });

  describe('of a tenant that asks for a second factor', () => {
    const key = { ...alice, authMethod: 'api-key' as const, sessionId: '', apiKeyId: 'key-1' };
    const enter = async (
      isMultiFactor: boolean,
      access: RequestSketch['access'],
      identity = alice,
    ): Promise<string> => {
      const request = aRequest({ access: access ?? {} });
      request.context.isMultiFactor = isMultiFactor;
      try {
        await accounts.resolve(identity, 'tenant-acme', request.context);
        return 'enters';
      } catch (error) {
        return (error as Refusal).code;
      }
    };

    it.each([
      { what: 'a session without one', isMultiFactor: false, access: {}, code: 'ACCESS_SECOND_FACTOR_REQUIRED' },
      { what: 'a session that has shown one', isMultiFactor: true, access: {}, code: 'enters' },
      {
        what: 'a route where it is enrolled',
        isMultiFactor: false,
        access: { withoutSecondFactor: true },
        code: 'enters',
      },
      { what: 'a route that is open to all', isMultiFactor: false, access: { authenticated: false }, code: 'enters' },
      { what: 'an API key', isMultiFactor: false, access: {}, code: 'enters', identity: key },
    ])('$what: $code', async ({ isMultiFactor, access, code, identity }) => {
      answer = () =>
        Promise.resolve({ user, tenant: { ...tenant, requireSecondFactor: true }, roles: ['owner'], permissions: [] });
      expect(await enter(isMultiFactor, access, identity)).toBe(code);
    });

    it('nobody is asked more than once, and one that does not is entered without', async () => {
      expect(await enter(false, {})).toBe('enters');
      expect(await enter(false, {})).toBe('enters');
      expect(asked).toHaveLength(1);
    });
  });

  describe('of people without an active tenant', () => {
    const platformUser = { ...user, platformRoles: ['platform-viewer'] };
    const left = { user: platformUser, roles: ['platform-viewer'], permissions: [] };
    const disabled = {
      user: platformUser,
      tenant: { ...tenant, status: TenantStatus.DISABLED },
      roles: ['owner', 'platform-viewer'],
      permissions: ['projects:read'],
    };
    const own = { withoutTenant: true };
    const enter = async (access: RequestSketch['access'], identity = alice, wanted = identity.tenantId) => {
      try {
        return await accounts.resolve(identity, wanted, aRequest({ access: access ?? {} }).context);
      } catch (error) {
        return (error as Refusal).code;
      }
    };
    const key = { ...alice, authMethod: 'api-key' as const, sessionId: '', apiKeyId: 'key-1' };

    it.each([
      { what: 'that they have left, or that is deleted', account: left, code: 'ACCESS_TENANT_DENIED' },
      { what: 'that is disabled', account: disabled, code: 'ACCESS_TENANT_INACTIVE' },
    ])('a token of a tenant $what enters what is their own, in no tenant', async ({ account, code }) => {
      answer = () => Promise.resolve(account);
      const within = { tenantId: '', roles: ['platform-viewer'], scopes: [], active: true, userName: 'alice' };
      expect(await enter(own)).toMatchObject(within);
      expect(await enter({ authenticated: false })).toMatchObject(within);
      expect(await enter(own, { ...alice, tenantId: '' })).toMatchObject(within);
      expect(await enter({})).toBe(code);
      expect(await enter(own, key)).toBe(code);
      expect(await enter(own, { ...alice, tenantId: 'another' }, 'tenant-acme')).toBe(code);
    });

    it('who has an active tenant works in it there, too', async () => {
      expect(await enter(own)).toMatchObject({ tenantId: 'tenant-acme', roles: ['owner'] });
    });
  });

  it('asks again when the plan of the tenant changes, and tells what it allows', async () => {
    const plan = { key: 'team', name: 'Team', requests: { quota: 10, windowSeconds: 60 }, etag: '"1"' };
    answer = () => Promise.resolve({ user, tenant, roles: ['owner'], permissions: [], plan });
    await resolve();
    expect(context.planned).toEqual(plan.requests);
    await publish('plan.changed', { planKey: 'free' });
    await resolve();
    expect(asked).toHaveLength(1);
    await publish('plan.changed', { planKey: 'team' });
    answer = () => Promise.resolve({ user, tenant, roles: ['owner'], permissions: [] });
    await resolve();
    expect(context.planned).toBeUndefined();
  });

  it.each([
    { topic: 'user.changed' as const, payload: { userId: 'user-alice' } },
    { topic: 'user.deleted' as const, payload: { userId: 'user-alice' } },
    { topic: 'membership.changed' as const, payload: { userId: 'user-alice', tenantId: 'tenant-acme' } },
    { topic: 'tenant.changed' as const, payload: { tenantId: 'tenant-acme' } },
  ])('asks again after $topic', async ({ topic, payload }) => {
    await resolve();
    await publish(topic, payload as never);
    answer = () => Promise.resolve({ roles: [], permissions: [] });
    await expect(resolve()).rejects.toMatchObject({ code: 'ACCESS_USER_INACTIVE' });
  });

  it('asks again for a tenant that let nobody in, once it changed', async () => {
    answer = () => Promise.resolve({ user, roles: [], permissions: [] });
    await expect(resolve('tenant-new')).rejects.toMatchObject({ code: 'ACCESS_TENANT_DENIED' });
    await publish('tenant.changed', { tenantId: 'tenant-new' });
    answer = () => Promise.resolve({ user, tenant: { ...tenant, id: 'tenant-new' }, roles: [], permissions: [] });
    expect(await resolve('tenant-new')).toMatchObject({ tenantId: 'tenant-new' });
  });

  it('does not ask again after what concerns somebody else', async () => {
    await resolve();
    await publish('user.changed', { userId: 'user-bob' });
    await publish('tenant.changed', { tenantId: 'tenant-other' });
    await resolve();
    expect(asked).toHaveLength(1);
  });

  it('calls it an outage when tenant-service does not answer', async () => {
    answer = () => Promise.reject(new Refusal('SERVICE_UNAVAILABLE'));
    await expect(resolve()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', headers: { 'retry-after': '1' } });
  });
});
