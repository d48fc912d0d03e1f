import { jest } from '@jest/globals';

import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

import { apiKeySecretBytes, writeApiKey } from '@libs/api-keys';
import { ApiKeyServiceService } from '@libs/grpc';
import { describeWith, until } from '@libs/testing';

import { type Answer, Client } from './support/client.js';
import { aPerson, expectStatus, type Person, untilStatus } from './support/flow.js';
import { readMetric } from './support/prometheus.js';
import { DistributedStack } from './support/stack.js';
import { StackConfiguration, withoutLimits } from './support/stack-configuration.js';

jest.setTimeout(60_000);

const scopedRoute = {
  id: 'reports',
  path: '/reports',
  rewrite: '/projects',
  service: 'project-service',
  access: { scopes: ['reports:read'] },
};

describeWith(['mariadbd', 'redis-server'], 'API keys at two gateways', () => {
  const configuration = new StackConfiguration((written) => {
    const { routes, ...rest } = withoutLimits(written);
    return { ...rest, routes: [...routes, scopedRoute] };
  });
  let stack: DistributedStack;
  let clients: Client[];
  let first: Client;
  let alice: Person;

  beforeAll(async () => {
    stack = await DistributedStack.create(2, { ...configuration.environment, GUESSES_PER_ADDRESS: '20' });
    await stack.start();
    clients = stack.gateways.map((url) => new Client(url));
    first = clients[0] as Client;
    alice = await aPerson(first);
  });
  afterAll(async () => {
    await Promise.all(clients?.map((client) => client.close()) ?? []);
    await stack?.dispose();
    configuration.remove();
  });

  interface MadeKey {
    readonly id: string;
    readonly key: string;
  }
  const make = async (body: object = {}): Promise<MadeKey> => {
    const made = await first.post('/auth/api-keys', { token: alice.token, body: { name: 'robot', ...body } });
    return expectStatus(made, 201).body as MadeKey;
  };
  const change = async ({ id }: MadeKey, body: object): Promise<Answer> =>
    expectStatus(await first.patch(`/auth/api-keys/${id}`, { token: alice.token, body }), 200);
  const rotate = async ({ id }: MadeKey, graceSeconds: number): Promise<MadeKey> =>
    expectStatus(await first.post(`/auth/api-keys/${id}:rotate`, { token: alice.token, body: { graceSeconds } }), 200)
      .body as MadeKey;
  const use = (client: Client, { key }: MadeKey): Promise<Answer> => client.get('/projects', { apiKey: key });
  const everywhere = (key: MadeKey, status: number, withinMs: number): Promise<unknown> =>
    Promise.all(clients.map((client) => untilStatus(() => use(client, key), status, withinMs)));

  it('are good from their addresses only, and a change is known everywhere within two seconds', async () => {
    const elsewhere = await make({ allowedAddresses: ['192.0.2.0/24', '2001:db8::/32'] });
    for (const client of clients) {
      expect(await use(client, elsewhere)).toMatchObject({ status: 401, body: { code: 'AUTH_CREDENTIALS_REJECTED' } });
    }
    await change(elsewhere, { allowedAddresses: ['127.0.0.0/8', '::1'] });
    await everywhere(elsewhere, 200, 2_000);
    await change(elsewhere, { allowedAddresses: ['192.0.2.0/24'] });
    await everywhere(elsewhere, 401, 2_000);
  });

  it('have limits of their own, counted over all gateways, and changed within two seconds', async () => {
    const key = await make({ limits: [{ requests: 6, windowSeconds: 3_600 }] });
    // Where Redis is late, a request is refused that would have been let in: six are, sooner or later, and no seventh.
    let entered = 0;
    for (let n = 0; n < 200 && entered < 6; n++) {
      if ((await use(clients[n % 2] as Client, key)).status === 200) entered++;
    }
    expect(entered).toBe(6);
    for (let n = 0; n < 6; n++) expect((await use(clients[n % 2] as Client, key)).status).toBe(429);
    const refused = await use(first, key);
    expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    expect(refused.headers['ratelimit-policy']).toContain('"own-3600s";q=6;w=3600');
    // Another key of the same person has its own.
    expectStatus(await use(first, await make()), 200);

    await change(key, { limits: [{ requests: 1_000, windowSeconds: 3_600 }] });
    await everywhere(key, 200, 2_000);
    await change(key, { limits: [{ requests: 1, windowSeconds: 3_600 }] });
    await everywhere(key, 429, 2_000);
    await change(key, { limits: [] });
    await everywhere(key, 200, 2_000);
  });

  it('are rotated without a request that fails, and the old one ends with its grace', async () => {
    const old = await make();
    await everywhere(old, 200, 1_000);
    const next = await rotate(old, 3);
    for (const client of clients) {
      expectStatus(await use(client, next), 200);
      expectStatus(await use(client, old), 200);
    }
    await everywhere(old, 401, 4_500);
    await everywhere(next, 200, 1_000);

    const last = await rotate(next, 0);
    await everywhere(next, 401, 1_000);
    await everywhere(last, 200, 1_000);
  });

  it('enter a route that wants a scope only with it, whatever their owner may', async () => {
    const reports = ({ key }: MadeKey) => first.get('/reports', { apiKey: key });
    expectStatus(await first.get('/reports', { token: alice.token }), 200);
    expectStatus(await reports(await make({ scopes: ['projects:read', 'reports:read'] })), 200);
    const other = await make({ scopes: ['projects:read'] });
    expect(await reports(other)).toMatchObject({ status: 403, body: { code: 'ACCESS_DENIED' } });
    expect((await reports(await make())).status).toBe(403);
    await change(other, { scopes: ['projects:read', 'reports:read'] });
    await untilStatus(() => reports(other), 200, 2_000);
  });

  it('make no further keys', async () => {
    const { key } = await make();
    expect((await first.post('/auth/api-keys', { apiKey: key, body: { name: 'a key of a key' } })).status).toBe(401);
  });

  it('tell their owner when and from where they were used last', async () => {
    const key = await make();
    const shown = async () => {
      await wait(250);
      return expectStatus(await first.get(`/auth/api-keys/${key.id}`, { token: alice.token }), 200).body;
    };
    expect(await shown()).toMatchObject({ lastUsedAt: null, lastUsedAddress: null });
    const before = Date.now();
    expectStatus(await use(first, key), 200);
    const { lastUsedAt, lastUsedAddress } = await until(shown, (answer) => answer.lastUsedAt !== null, 20_000);
    expect(Date.parse(lastUsedAt)).toBeGreaterThanOrEqual(before - 1);
    expect(lastUsedAddress).toBe('127.0.0.1');
  }, 40_000);

  it('that are mistyped or made up are refused without a call to anybody', async () => {
    const { key } = await make();
    const calls = (): Promise<number> =>
      readMetric(`http://127.0.0.1:${stack.ports('auth-service').management}`, 'grpc_server_requests_seconds_count', {
        method: ApiKeyServiceService.resolveApiKey.path,
      });
    expectStatus(await first.get('/projects', { apiKey: key }), 200);
    const before = await calls();
    expect(before).toBeGreaterThan(0);
    for (let at = 9; at < key.length; at++) {
      const other = key.charAt(at) === '0' ? '1' : '0';
      const mistyped = key.slice(0, at) + other + key.slice(at + 1);
      expect(await first.get('/projects', { apiKey: mistyped })).toMatchObject({
        status: 401,
        body: { code: 'AUTH_CREDENTIALS_REJECTED' },
      });
    }
    expect(await calls()).toBe(before);
  });

  it('and refresh tokens are guessed by nobody, and whoever shares an address with one who tries is let in', async () => {
    const known = await make();
    await everywhere(known, 200, 1_000);
    const unused = await make();
    const wrong = Array.from({ length: 50 }, (_, n) => {
      const client = clients[n % 2] as Client;
      const made = randomBytes(apiKeySecretBytes);
      return n % 4 < 2
        ? client.get('/projects', { apiKey: writeApiKey(randomUUID(), made) })
        : client.post('/auth/refresh', { body: { refreshToken: `gtr_${made.toString('base64url')}` } });
    });
    const statuses = (await Promise.all(wrong)).map(({ status }) => status);
    // What else came from this address has been counted as well.
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(20);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(30);
    expect(statuses.filter((status) => status !== 401 && status !== 429)).toEqual([]);

    for (const client of clients) {
      expectStatus(await use(client, known), 200);
      expectStatus(await use(client, unused), 200);
    }
    const { refreshToken } = alice;
    expectStatus(await first.post('/auth/refresh', { body: { refreshToken } }), 200);
  });
});
