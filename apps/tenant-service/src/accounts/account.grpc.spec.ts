import { TenantStatus, UserStatus } from '@libs/grpc';
import { newId } from '@libs/persistence';

import { operator, type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';

let service: TenantServiceForTest;

beforeAll(async () => {
  service = await tenantServiceForTest();
});
afterAll(() => service.stop());

const registration = (username: string) => ({
  userId: newId(),
  tenantId: newId(),
  username,
  email: `${username}@example.com`,
  displayName: '',
  tenantName: `The house of ${username}`,
  platformRoles: [] as string[],
});

const open = (request: ReturnType<typeof registration>) =>
  service.asService(() => service.accounts.openAccount(request));
const get = (userId: string, tenantId = '') =>
  service.asService(() => service.accounts.getAccount({ userId, tenantId }));

describe('opening an account', () => {
  it('makes a user, a tenant and the ownership of it', async () => {
    const request = { ...registration('alice'), platformRoles: ['platform-admin'] };
    const { user, tenant } = await open(request);
    expect(user).toMatchObject({
      id: request.userId,
      username: 'alice',
      displayName: 'alice',
      status: UserStatus.ACTIVE,
    });
    expect(tenant).toMatchObject({ id: request.tenantId, name: 'The house of alice', status: TenantStatus.ACTIVE });
    expect(await get(request.userId)).toEqual({ user, tenant, roles: ['owner', 'platform-admin'], permissions: [] });
  });

  it('finds what an earlier call with the same ids has made, even after an edit', async () => {
    const request = registration('bob');
    const first = await open(request);
    expect(await open(request)).toEqual(first);
    const body = { email: 'bob@elsewhere.example' };
    await service.call(`PATCH /internal/users/${request.userId}`, { as: operator, body });
    expect((await open(request)).user).toMatchObject({ id: request.userId, email: body.email });
  });

  it('makes one account of many calls with the same ids at once', async () => {
    const request = registration('carol');
    const opened = await Promise.all(Array.from({ length: 10 }, () => open(request)));
    expect(new Set(opened.map(({ tenant }) => tenant?.id))).toEqual(new Set([request.tenantId]));
  });

  it('lets one of ten win who want the same user name at once, and leaves no tenant of the others', async () => {
    const requests = Array.from({ length: 10 }, () => registration('dave'));
    const outcomes = await Promise.allSettled(requests.map(open));
    const won = requests.filter((_, n) => outcomes[n]?.status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const { tenantId } of requests) {
      const { status } = await service.call(`GET /internal/tenants/${tenantId}`, { as: operator });
      expect(status).toBe(tenantId === won[0]?.tenantId ? 200 : 404);
    }
  });

  it('refuses taken names and ids of others', async () => {
    const request = registration('erin');
    await open(request);
    await expect(open(registration('ERIN'))).rejects.toMatchObject({
      code: 'RESOURCE_NAME_TAKEN',
      errors: [{ field: 'username' }],
    });
    for (const ids of [{ userId: request.userId }, { tenantId: request.tenantId }, { ...request, username: 'frank' }]) {
      await expect(open({ ...registration('frank'), ...ids })).rejects.toMatchObject({ code: 'RESOURCE_CONFLICT' });
    }
  });

  it('does not revive a deleted user', async () => {
    const request = registration('grace');
    await open(request);
    await service.call(`DELETE /internal/users/${request.userId}`, { as: operator });
    await expect(open(request)).rejects.toMatchObject({ code: 'RESOURCE_CONFLICT' });
    await expect(open({ ...registration('grace2'), userId: request.userId })).rejects.toMatchObject({
      code: 'RESOURCE_CONFLICT',
    });
  });

  it.each([
    { field: 'userId', wrong: { userId: '7' } },
    { field: 'tenantId', wrong: { tenantId: '' } },
    { field: 'username', wrong: { username: '' } },
    { field: 'email', wrong: { email: 'x' } },
    { field: 'tenantName', wrong: { tenantName: 'x'.repeat(121) } },
    { field: 'displayName', wrong: { displayName: 'a\0b' } },
    { field: 'platformRoles.0', wrong: { platformRoles: ['admin'] } },
  ])('refuses a wrong $field', async ({ field, wrong }) => {
    await expect(open({ ...registration('heidi'), ...wrong })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      errors: expect.arrayContaining([expect.objectContaining({ field })]),
    });
  });
});

describe('reading an account', () => {
  it('tells nothing of somebody unknown, and no error', async () => {
    for (const userId of [newId(), '', 'somebody', 'a\0b', 'x'.repeat(100_000)]) {
      expect(await get(userId)).toEqual({ user: undefined, tenant: undefined, roles: [], permissions: [] });
    }
  });

  it('tells of no tenant, and of platform roles only, where the user is not a member', async () => {
    const { userId } = await service.register('ivan');
    const { tenantId } = await service.register('judy');
    for (const elsewhere of [tenantId, newId(), 'nowhere', 'a\0b', 'x'.repeat(100_000)]) {
      expect(await get(userId, elsewhere)).toMatchObject({
        user: { id: userId },
        tenant: undefined,
        roles: [],
        permissions: [],
      });
    }
  });

  it('tells when the user or the tenant is disabled', async () => {
    const { userId, tenantId } = await service.register('kim');
    const body = { status: 'disabled' };
    await service.call(`PUT /internal/users/${userId}/status`, { as: operator, body });
    await service.call(`PUT /internal/tenants/${tenantId}/status`, { as: operator, body });
    expect(await get(userId, tenantId)).toMatchObject({
      user: { status: UserStatus.DISABLED },
      tenant: { status: TenantStatus.DISABLED },
      roles: ['owner'],
    });
  });

  it('tells nothing of a deleted user', async () => {
    const { userId, tenantId } = await service.register('leo');
    await service.call(`DELETE /internal/users/${userId}`, { as: operator });
    expect((await get(userId, tenantId)).user).toBeUndefined();
  });
});
