import { ApiKeyServiceService, ApiKeyStatus } from '@libs/grpc';
import { MemoryEventBus } from '@libs/redis';
import { until } from '@libs/testing';

import { AuthStack } from './auth-stack.fixture.js';
import { aPerson, type Person } from './person.fixture.js';

let stack: AuthStack;
let alice: Person;
beforeAll(async () => {
  stack = await AuthStack.start();
  alice = await aPerson(stack);
});
afterAll(() => stack.stop());

const resolve = (key: string) => stack.to(ApiKeyServiceService).resolveApiKey({ key }, { as: 'service' });
const create = (body: unknown, as = alice.identity) => stack.post('/auth/api-keys', body, as);

describe('API keys', () => {
  it('are shown once, and resolve to their user, tenant and scopes', async () => {
    const made = await create({ name: 'robot', scopes: ['projects:read', 'projects:read'] });
    expect(made).toMatchObject({ status: 201, body: { name: 'robot', scopes: ['projects:read'], expiresAt: null } });
    const { id, key, hint } = made.body;
    expect(key).toMatch(/^gth_live_[0-9A-Za-z]{71}$/);
    expect(key.startsWith(hint)).toBe(true);
    expect(made.headers.get('location')).toBe(`/auth/api-keys/${id}`);

    const { key: _shownOnce, ...shown } = made.body;
    expect((await stack.call('GET', `/auth/api-keys/${id}`, { as: alice.identity })).body).toEqual(shown);
    const { userId, tenantId } = alice;
    expect(await resolve(key)).toMatchObject({
      status: ApiKeyStatus.ACTIVE,
      apiKeyId: id,
      userId,
      tenantId,
      scopes: ['projects:read'],
    });
  });

  it('are refused once revoked, and everybody is told', async () => {
    const told: unknown[] = [];
    const end = new MemoryEventBus().subscribe(['api-key.revoked'], ({ payload }) => told.push(payload));
    const { id, key } = (await create({ name: 'short-lived' })).body;
    expect((await stack.call('DELETE', `/auth/api-keys/${id}`, { as: alice.identity })).status).toBe(204);
    expect(await resolve(key)).toMatchObject({ status: ApiKeyStatus.REVOKED, userId: '' });
    await until(
      () => told,
      (events) => events.length > 0,
    );
    expect(told).toEqual([{ apiKeyId: id, userId: alice.userId }]);
    end();
    expect((await stack.call('DELETE', `/auth/api-keys/${id}`, { as: alice.identity })).status).toBe(404);
  });

  it('are refused once they have expired', async () => {
    const expiresAt = new Date(stack.clock.now().getTime() + 3_600_000).toISOString();
    const { key } = (await create({ name: 'for an hour', expiresAt })).body;
    expect(await resolve(key)).toMatchObject({ status: ApiKeyStatus.ACTIVE, expireTime: new Date(expiresAt) });
    stack.clock.advance(3_600_001);
    expect(await resolve(key)).toMatchObject({ status: ApiKeyStatus.EXPIRED, userId: '' });
  });

  it.each(['', 'gth_live_', 'x'.repeat(80), 'gth_live_' + '0'.repeat(71)])('are not %j', async (key) => {
    expect(await resolve(key)).toMatchObject({ status: ApiKeyStatus.UNKNOWN });
  });

  it('are seen and revoked by nobody else, and in no other tenant', async () => {
    const { id, key } = (await create({ name: 'mine' })).body;
    const bob = await aPerson(stack);
    const elsewhere = { ...alice.identity, tenantId: bob.tenantId };
    for (const as of [bob.identity, elsewhere]) {
      expect((await stack.call('GET', `/auth/api-keys/${id}`, { as })).status).toBe(404);
      expect((await stack.call('DELETE', `/auth/api-keys/${id}`, { as })).status).toBe(404);
      expect((await stack.call('GET', '/auth/api-keys', { as })).body.items).toEqual([]);
    }
    expect(await resolve(key)).toMatchObject({ status: ApiKeyStatus.ACTIVE });
  });

  it('are listed with order and filter', async () => {
    const bob = await aPerson(stack);
    for (const name of ['b', 'a', 'c']) await create({ name }, bob.identity);
    const list = async (query: string): Promise<string[]> => {
      const { body } = await stack.call('GET', `/auth/api-keys?${query}`, { as: bob.identity });
      return body.items.map(({ name }: { name: string }) => name);
    };
    expect(await list('orderBy=name')).toEqual(['a', 'b', 'c']);
    expect(await list(`filter=${encodeURIComponent('name = "b"')}`)).toEqual(['b']);
  });

  it('are made once for one Idempotency-Key, which shows the key again', async () => {
    const call = { body: { name: 'once' }, as: alice.identity, headers: { 'idempotency-key': 'key-once' } };
    const first = await stack.call('POST', '/auth/api-keys', call);
    const second = await stack.call('POST', '/auth/api-keys', call);
    expect(second).toMatchObject({ status: 201, body: first.body });
  });

  it('honour If-Match', async () => {
    const made = await create({ name: 'matched' });
    const path = `/auth/api-keys/${made.body.id}`;
    const etag = String(made.headers.get('etag'));
    const remove = (value: string) =>
      stack.call('DELETE', path, { as: alice.identity, headers: { 'if-match': value } });
    expect(await remove('"99"')).toMatchObject({ status: 412, body: { code: 'RESOURCE_CHANGED' } });
    expect(await remove('nonsense')).toMatchObject({ status: 400, body: { code: 'REQUEST_HEADER_INVALID' } });
    expect((await remove(etag)).status).toBe(204);
  });

  it.each([
    { what: 'no name', body: {}, field: 'name' },
    { what: 'an empty name', body: { name: ' ' }, field: 'name' },
    { what: 'a long name', body: { name: 'x'.repeat(101) }, field: 'name' },
    { what: 'scopes that are no list', body: { name: 'x', scopes: 'all' }, field: 'scopes' },
    { what: 'a scope with a line end', body: { name: 'x', scopes: ['a\n'] }, field: 'scopes.0' },
    { what: 'too many scopes', body: { name: 'x', scopes: Array<string>(51).fill('a') }, field: 'scopes' },
    { what: 'a time that is none', body: { name: 'x', expiresAt: 'tomorrow' }, field: 'expiresAt' },
    { what: 'a time in the past', body: { name: 'x', expiresAt: '2001-01-01T00:00:00Z' }, field: 'expiresAt' },
    { what: 'an unknown field', body: { name: 'x', userId: 'bob' }, field: 'userId' },
  ])('are not made with $what', async ({ body, field }) => {
    expect(await create(body)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', errors: [{ field }] } });
  });
});
