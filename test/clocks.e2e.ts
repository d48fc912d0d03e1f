import { jest } from '@jest/globals';

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { describeWith } from '@libs/testing';

import { type Answer, Client } from './support/client.js';
import { aPerson, expectStatus, type Person } from './support/flow.js';
import { readMetric } from './support/prometheus.js';
import { DistributedStack } from './support/stack.js';
import { StackConfiguration, withoutLimits } from './support/stack-configuration.js';

jest.setTimeout(120_000);

const tenMinutesMs = 600_000;
const requests = 100;
const patienceMs = 45_000;

/** Tokens that end before a clock that is wrong by ten minutes comes to their end. */
const shortLived = { ACCESS_TOKEN_LIFETIME: '5m' };

describeWith(['mariadbd', 'redis-server'], 'a clock that is wrong by ten minutes', () => {
  const configuration = new StackConfiguration(withoutLimits);
  let stack: DistributedStack;
  let clients: [Client, Client];
  let alice: Person;

  beforeAll(async () => {
    stack = await DistributedStack.create(2, {
      ...configuration.environment,
      ...shortLived,
      NODE_OPTIONS: `--import ${pathToFileURL(resolve('test/support/moved-date.mjs')).href}`,
    });
    await stack.start();
    clients = stack.gateways.map((url) => new Client(url)) as [Client, Client];
    alice = await aPerson(clients[0]);
    for (const client of clients) await until(() => status(client.get('/projects', alice)), 200);
  });
  afterEach(async () => {
    for (const name of stack.children.keys()) rmSync(offsetFile(name), { force: true });
    for (const name of stack.children.keys()) await until(async () => (await ready(name)).status, 200);
  });
  afterAll(async () => {
    await Promise.all(clients?.map((client) => client.close()) ?? []);
    await stack?.dispose();
    configuration.remove();
  });

  const offsetFile = (name: string): string => join(stack.dataDir, name, 'clock-offset');
  const move = (name: string, ms: number): void => {
    mkdirSync(join(stack.dataDir, name), { recursive: true });
    writeFileSync(offsetFile(name), String(ms));
  };
  const management = (name: string): string => {
    const [, index] = /^gateway-(\d)$/.exec(name) ?? [];
    const ports = index === undefined ? stack.ports(name as 'auth-service') : stack.gatewayPorts[Number(index)];
    return `http://127.0.0.1:${ports?.management}`;
  };
  const ready = async (name: string): Promise<{ status: number; body: { components: Record<string, unknown> } }> => {
    const answer = await fetch(`${management(name)}/ready`);
    return { status: answer.status, body: (await answer.json()) as { components: Record<string, unknown> } };
  };
  const status = async (answer: Promise<Answer>): Promise<number> => (await answer).status;
  const until = async (ask: () => Promise<number>, wanted: number): Promise<void> => {
    const deadline = performance.now() + patienceMs;
    for (let last = await ask(); last !== wanted; last = await ask()) {
      if (performance.now() > deadline) throw new Error(`still ${last} instead of ${wanted}:\n${stack.output()}`);
      await new Promise((wait) => setTimeout(wait, 50));
    }
  };
  /** How often each answer came. */
  const answersTo = async (ask: (n: number) => Promise<Answer>): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (let n = 0; n < requests; n += 1) {
      const { status: code, body } = await ask(n);
      const line = code < 400 ? String(code) : `${code} ${body.code}`;
      counts[line] = (counts[line] ?? 0) + 1;
    }
    return counts;
  };
  const isOff = async (name: string, references: readonly string[], direction: 'ahead' | 'behind'): Promise<void> => {
    await until(async () => (await ready(name)).status, 503);
    const { body } = await ready(name);
    expect(body).toMatchObject({
      status: 'DOWN',
      components: { clock: { status: 'DOWN', details: { direction, seconds: expect.any(Number) } } },
    });
    const { details } = body.components['clock'] as { details: { against: string; seconds: number } };
    expect(references).toContain(details.against);
    expect(Math.round(details.seconds / 10) * 10_000).toBe(tenMinutesMs);
    for (const against of references) {
      const metric = await readMetric(management(name), 'clock_difference_seconds', { against });
      expect(Math.round(metric / 10) * 10_000).toBe(direction === 'ahead' ? tenMinutesMs : -tenMinutesMs);
    }
  };

  it.each([
    { direction: 'ahead', ms: tenMinutesMs },
    { direction: 'behind', ms: -tenMinutesMs },
  ] as const)(
    '$direction, at one of two gateways, is told by it alone, and nobody is told 401',
    async ({ direction, ms }) => {
      const token = { token: expectStatus(await logIn(clients[0]), 200).body.accessToken as string };
      move('gateway-1', ms);
      await isOff('gateway-1', ['auth-service'], direction);
      expect((await ready('gateway-0')).status).toBe(200);

      const seen = await answersTo((n) => (clients[n % 2] as Client).get('/projects', token));
      expect(seen).toEqual({ 200: requests / 2, '503 SERVICE_CLOCK_WRONG': requests / 2 });
      const { headers } = await clients[1].get('/projects', token);
      expect(headers['retry-after']).toMatch(/^\d+$/);
      // What needs no token goes on, sealed by the time of the others.
      expect(await status(logIn(clients[1]))).toBe(200);
      // Bad credentials stay bad.
      expect(await status(clients[1].get('/projects', { token: 'made.up.token' }))).toBe(401);

      rmSync(offsetFile('gateway-1'));
      await until(async () => (await ready('gateway-1')).status, 200);
      expect(await answersTo((n) => (clients[n % 2] as Client).get('/projects', token))).toEqual({ 200: requests });
    },
  );

  it.each([
    { direction: 'ahead', ms: tenMinutesMs },
    { direction: 'behind', ms: -tenMinutesMs },
  ] as const)(
    '$direction, at auth-service, issues no tokens, ends no sessions and takes no gateway along',
    async ({ direction, ms }) => {
      const token = { token: expectStatus(await logIn(clients[0]), 200).body.accessToken as string };
      for (const client of clients) expectStatus(await client.get('/projects', token), 200);
      move('auth-service', ms);
      await isOff('auth-service', ['database', 'redis'], direction);

      // Once the gateways have seen that its only instance is not ready, they do not even ask.
      const unavailable = ['SERVICE_CLOCK_WRONG', 'UPSTREAM_UNAVAILABLE'];
      for (const refused of [
        await logIn(clients[0]),
        await clients[0].post('/auth/refresh', { body: { refreshToken: alice.refreshToken } }),
      ]) {
        expect(refused.status).toBe(503);
        expect(unavailable).toContain(refused.body.code);
      }
      expect(await answersTo((n) => (clients[n % 2] as Client).get('/projects', token))).toEqual({ 200: requests });
      for (const gateway of ['gateway-0', 'gateway-1']) expect((await ready(gateway)).status).toBe(200);

      rmSync(offsetFile('auth-service'));
      await until(() => status(logIn(clients[0])), 200);
    },
  );

  it.each([
    { direction: 'ahead', ms: tenMinutesMs },
    { direction: 'behind', ms: -tenMinutesMs },
  ] as const)(
    '$direction, at a service behind the gateway, is told by it, and nobody is told 401',
    async ({ direction, ms }) => {
      const token = { token: expectStatus(await logIn(clients[0]), 200).body.accessToken as string };
      move('project-service', ms);
      await isOff('project-service', ['database', 'redis'], direction);
      const seen = await answersTo((n) => (clients[n % 2] as Client).get('/projects', token));
      // Until the gateways have seen that their only instance is not ready, it serves.
      for (const answer of Object.keys(seen)) expect(['200', '503 UPSTREAM_UNAVAILABLE']).toContain(answer);
    },
  );

  const logIn = (client: Client): Promise<Answer> =>
    client.post('/auth/login', { body: { login: alice.username, password: alice.password } });
});
