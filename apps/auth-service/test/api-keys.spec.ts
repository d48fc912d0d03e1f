import { MemoryEventBus } from '@libs/events';
import { ApiKeyServiceService, ApiKeyStatus } from '@libs/grpc';
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
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'robot', scopes: ['projects:read'], expiresAt: null, lastUsedAt: null },
    });
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

  it('may do no more than who makes or changes them', async () => {
    const member = { ...alice.identity, roles: ['member'] };
    const made = await create({ name: 'modest', scopes: ['projects:write'] }, member);
    expect(made.status).toBe(201);
    const denied = { status: 403, body: { code: 'ACCESS_DENIED' } };
    expect(await create({ name: 'greedy', scopes: ['projects:write', 'members:write'] }, member)).toMatchObject(denied);
    const path = `/auth/api-keys/${made.body.id}`;
    const change = { body: { scopes: ['members:write'] }, as: member };
    expect(await stack.call('PATCH', path, change)).toMatchObject(denied);
    expect(await resolve(made.body.key)).toMatchObject({ scopes: ['projects:write'] });
  });

  it('are changed, and everybody is told', async () => {
    const told: unknown[] = [];
    const end = new MemoryEventBus().subscribe(['api-key.changed'], ({ payload }) => told.push(payload));
    const made = await create({ name: 'before', scopes: ['projects:read'] });
    const { id, key } = made.body;
    const change = (body: unknown, headers = {}, as = alice.identity) =>
      stack.call('PATCH', `/auth/api-keys/${id}`, { body, as, headers });

    const allowedAddresses = ['192.0.2.0/24', '2001:db8::/32'];
    const limits = [{ requests: 10, windowSeconds: 60 }];
    const changed = await change({ name: 'after', allowedAddresses, limits });
    expect(changed).toMatchObject({
      status: 200,
      body: { id, name: 'after', scopes: ['projects:read'], expiresAt: null, allowedAddresses, limits },
    });
    expect(await resolve(key)).toMatchObject({ status: ApiKeyStatus.ACTIVE, allowedAddresses, limits });
    await until(
      () => told,
      (events) => events.length > 0,
    );
    expect(told).toEqual([{ apiKeyId: id, userId: alice.userId }]);
    end();

    const stale = { 'if-match': String(made.headers.get('etag')) };
    expect(await change({ name: 'late' }, stale)).toMatchObject({ status: 412, body: { code: 'RESOURCE_CHANGED' } });
    expect((await change({ name: 'mine' }, {}, (await aPerson(stack)).identity)).status).toBe(404);
    expect(await change({})).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    expect((await stack.call('GET', `/auth/api-keys/${id}`, { as: alice.identity })).body).toMatchObject({
      name: 'after',
    });
  });

  describe('that are rotated', () => {
    const rotate = (id: string, body: unknown, headers = {}, as = alice.identity) =>
      stack.call('POST', `/auth/api-keys/${id}:rotate`, { ...(body === undefined ? {} : { body }), as, headers });

    it('are good beside their successor for as long as the grace lasts', async () => {
      const { id, key: old } = (await create({ name: 'rotated', scopes: ['projects:read'] })).body;
      const { status, body } = await rotate(id, { graceSeconds: 60 });
      expect(status).toBe(200);
      expect(body).toMatchObject({ id, name: 'rotated', scopes: ['projects:read'] });
      expect(body.key).not.toBe(old);
      const until = new Date(body.previousKeyUntil);
      const graceMs = until.getTime() - stack.clock.now().getTime();
      expect(graceMs).toBeGreaterThan(30_000);
      expect(graceMs).toBeLessThanOrEqual(60_000);
      expect(await resolve(old)).toMatchObject({ status: ApiKeyStatus.ACTIVE, apiKeyId: id, expireTime: until });
      expect(await resolve(body.key)).toMatchObject({ status: ApiKeyStatus.ACTIVE, apiKeyId: id });
      expect((await resolve(body.key)).expireTime).toBeUndefined();

      stack.clock.advance(60_001);
      expect(await resolve(old)).toMatchObject({ status: ApiKeyStatus.EXPIRED, apiKeyId: '' });
      expect(await resolve(body.key)).toMatchObject({ status: ApiKeyStatus.ACTIVE });
    });

    it('are refused at once without a grace', async () => {
      const { id, key: old } = (await create({ name: 'leaked' })).body;
      const { body } = await rotate(id, { graceSeconds: 0 });
      expect(body.previousKeyUntil).toBeNull();
      expect(await resolve(old)).toMatchObject({ status: ApiKeyStatus.UNKNOWN });
      expect(await resolve(body.key)).toMatchObject({ status: ApiKeyStatus.ACTIVE });
    });

    it('leave only one before them, and end with their own expiry', async () => {
      const expiresAt = new Date(stack.clock.now().getTime() + 30_000).toISOString();
      const { id, key: first } = (await create({ name: 'twice', expiresAt })).body;
      const { key: second } = (await rotate(id, undefined)).body;
      const { key: third } = (await rotate(id, {})).body;
      expect(await resolve(first)).toMatchObject({ status: ApiKeyStatus.UNKNOWN });
      expect(await resolve(second)).toMatchObject({ status: ApiKeyStatus.ACTIVE, expireTime: new Date(expiresAt) });
      expect(await resolve(third)).toMatchObject({ status: ApiKeyStatus.ACTIVE });
    });

    it('show the same key again for one Idempotency-Key', async () => {
      const { id } = (await create({ name: 'retried' })).body;
      const first = await rotate(id, {}, { 'idempotency-key': 'rotate-once' });
      const second = await rotate(id, {}, { 'idempotency-key': 'rotate-once' });
      expect(second).toMatchObject({ status: 200, body: { key: first.body.key } });
    });

    it('are rotated by their owner only, as they were seen', async () => {
      const made = await create({ name: 'guarded' });
      const { id, key } = made.body;
      expect((await rotate(id, {}, {}, (await aPerson(stack)).identity)).status).toBe(404);
      expect(await rotate(id, {}, { 'if-match': '"99"' })).toMatchObject({ status: 412 });
      for (const graceSeconds of [-1, 2_592_001, 1.5, '60', null]) {
        expect(await rotate(id, { graceSeconds })).toMatchObject({ status: 400 });
      }
      expect(await resolve(key)).toMatchObject({ status: ApiKeyStatus.ACTIVE });
      expect((await rotate(id, {}, { 'if-match': String(made.headers.get('etag')) })).status).toBe(200);
    });
  });

  it('tell when they were used last, as the gateways saw it', async () => {
    const made = await create({ name: 'used' });
    const { id } = made.body;
    const now = stack.clock.now().getTime();
    const at = (ms: number): Date => new Date(now + ms);
    const record = (time: Date, clientAddress: string) =>
      stack.to(ApiKeyServiceService).recordApiKeyUses(
        {
          uses: [
            { apiKeyId: id, time, clientAddress },
            { apiKeyId: 'no such key', time, clientAddress },
          ],
        },
        { as: 'service' },
      );
    await record(at(-1_000), '192.0.2.1');
    await record(at(-5_000), '192.0.2.2');
    const shown = await stack.call('GET', `/auth/api-keys/${id}`, { as: alice.identity });
    expect(shown.body).toMatchObject({ lastUsedAt: at(-1_000).toISOString(), lastUsedAddress: '192.0.2.1' });
    // It is another answer, and the same version: whoever has made the key may still change it.
    expect(shown.headers.get('etag')).not.toBe(made.headers.get('etag'));
    const ifMatch = { 'if-match': String(made.headers.get('etag')) };
    const renamed = await stack.call('PATCH', `/auth/api-keys/${id}`, {
      as: alice.identity,
      headers: ifMatch,
      body: { name: 'still used' },
    });
    expect(renamed.status).toBe(200);

    await record(at(3_600_000), '2001:db8::1');
    const later = await stack.call('GET', `/auth/api-keys/${id}`, { as: alice.identity });
    expect(later.body).toMatchObject({ lastUsedAddress: '2001:db8::1' });
    expect(Date.parse(later.body.lastUsedAt)).toBeLessThanOrEqual(stack.clock.now().getTime());
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
    {
      what: 'a network that is none',
      body: { name: 'x', allowedAddresses: ['10.0.0.0/33'] },
      field: 'allowedAddresses.0',
    },
    { what: 'a host name', body: { name: 'x', allowedAddresses: ['localhost'] }, field: 'allowedAddresses.0' },
    {
      what: 'a limit of nothing',
      body: { name: 'x', limits: [{ requests: 0, windowSeconds: 1 }] },
      field: 'limits.0.requests',
    },
    {
      what: 'a limit for ever',
      body: { name: 'x', limits: [{ requests: 1, windowSeconds: 1e9 }] },
      field: 'limits.0.windowSeconds',
    },
    {
      what: 'two limits for one window',
      body: { name: 'x', limits: [1, 2].map((requests) => ({ requests, windowSeconds: 60 })) },
      field: 'limits',
    },
    { what: 'an unknown field', body: { name: 'x', userId: 'bob' }, field: 'userId' },
  ])('are not made with $what', async ({ body, field }) => {
    expect(await create(body)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', errors: [{ field }] } });
  });
});
