import { MemoryEventBus } from '@libs/events';
import type { Identity } from '@libs/trusted-headers';

import { operator, type TenantServiceForTest, tenantServiceForTest } from '../test/tenant-service.fixture.js';

let service: TenantServiceForTest;
let alice: Identity;
let bob: Identity;

beforeAll(async () => {
  service = await tenantServiceForTest();
  alice = await service.register('alice');
  bob = await service.register('bob');
});
afterAll(() => service.stop());

/** Events leave right after the commit, so they are here before the answer is. */
async function published(act: () => Promise<unknown>): Promise<object[]> {
  const heard: object[] = [];
  const topics = ['user.changed', 'user.deleted', 'membership.changed', 'tenant.changed'] as const;
  const stop = new MemoryEventBus().subscribe(topics, ({ topic, payload }) => heard.push({ [topic]: payload }));
  await act();
  stop();
  return heard;
}

const manage = (line: string, body?: unknown) => () => service.call(line, { as: operator, body });

const joinsAlice = async (): Promise<unknown> => {
  const { body } = await service.call(`POST /tenants/${alice.tenantId}/invitations`, {
    as: alice,
    body: { username: 'bob' },
  });
  return service.call(`POST /users/me/invitations/${body.id}:accept`, { as: bob });
};

describe('what concerns access', () => {
  it('is told when a user changes, is disabled or is deleted', async () => {
    const { userId } = await service.register('carol');
    const changed = { 'user.changed': { userId } };
    expect(await published(manage(`PATCH /internal/users/${userId}`, { platformRoles: [] }))).toEqual([changed]);
    expect(await published(manage(`PUT /internal/users/${userId}/status`, { status: 'disabled' }))).toEqual([changed]);
    expect(await published(manage(`DELETE /internal/users/${userId}`))).toEqual([{ 'user.deleted': { userId } }]);
  });

  it('is told when a tenant is disabled', async () => {
    const { tenantId } = await service.register('dave');
    const line = `PUT /internal/tenants/${tenantId}/status`;
    expect(await published(manage(line, { status: 'disabled' }))).toEqual([{ 'tenant.changed': { tenantId } }]);
  });

  it('is told when somebody joins a tenant, gets another role there or leaves', async () => {
    const { tenantId } = alice;
    const changed = { 'membership.changed': { userId: bob.userId, tenantId } };
    const line = `/tenants/${tenantId}/members/${bob.userId}`;
    expect(await published(joinsAlice)).toEqual([changed]);
    expect(await published(() => service.call(`PATCH ${line}`, { as: alice, body: { role: 'admin' } }))).toEqual([
      changed,
    ]);
    expect(await published(() => service.call(`DELETE ${line}`, { as: bob }))).toEqual([changed]);
  });

  it('is told when the default tenant goes', async () => {
    await joinsAlice();
    await service.call('PATCH /users/me', { as: bob, body: { defaultTenantId: alice.tenantId } });
    const line = `DELETE /tenants/${alice.tenantId}/members/${bob.userId}`;
    expect(await published(() => service.call(line, { as: alice }))).toEqual([
      { 'user.changed': { userId: bob.userId } },
      { 'membership.changed': { userId: bob.userId, tenantId: alice.tenantId } },
    ]);
  });

  it('is not told when it was refused', async () => {
    const place = `/tenants/${alice.tenantId}/members/${alice.userId}`;
    expect(await published(() => service.call(`DELETE ${place}`, { as: alice }))).toEqual([]);
    expect(
      await published(() => service.call('PATCH /users/me', { as: alice, body: { email: 'bob@example.com' } })),
    ).toEqual([]);
  });
});
