import { jest } from '@jest/globals';

import { Redis } from 'ioredis';

import { AccountServiceService, SessionServiceService } from '@libs/grpc';
import { describeWith } from '@libs/testing';

import { type Answer, Client } from './support/client.js';
import { aPerson, expectStatus, type Person } from './support/flow.js';
import { readMetric } from './support/prometheus.js';
import { DistributedStack } from './support/stack.js';
import { StackConfiguration, withoutLimits } from './support/stack-configuration.js';
import { expectEntry, untilRefused } from './support/until-refused.js';

jest.setTimeout(90_000);

describeWith(['mariadbd', 'redis-server'], 'what was revoked', () => {
  const configuration = new StackConfiguration(withoutLimits);
  let stack: DistributedStack;
  let first: Client;
  let second: Client;

  beforeAll(async () => {
    stack = await DistributedStack.create(2, configuration.environment);
    await stack.start();
    [first, second] = stack.gateways.map((url) => new Client(url)) as [Client, Client];
  });
  afterAll(async () => {
    await Promise.all([first?.close(), second?.close()]);
    await stack?.dispose();
    configuration.remove();
  });

  const projects =
    (client: Client, { token }: Pick<Person, 'token'>) =>
    (): Promise<Answer> =>
      client.get('/projects', { token });
  const logOut = async ({ token }: Person): Promise<void> => {
    expectStatus(await first.post('/auth/logout', { token }), 204);
  };

  async function aKnownPerson(): Promise<Person> {
    const alice = await aPerson(first);
    for (const client of [first, second]) await expectEntry(projects(client, alice));
    return alice;
  }

  it('is refused by a gateway that was away meanwhile, from its first request on', async () => {
    const [alice, bob] = [await aKnownPerson(), await aKnownPerson()];
    await stack.children.get('gateway-1')?.kill();
    await logOut(alice);
    await stack.startGateway(1);
    await untilRefused(projects(second, alice), 0);
    await expectEntry(projects(second, bob));
  });

  it('is refused within a second by a gateway that has missed the event', async () => {
    const [alice, bob] = [await aKnownPerson(), await aKnownPerson()];
    const pid = stack.children.get('gateway-1')?.pid as number;
    const redis = new Redis(stack.redis.url);
    process.kill(pid, 'SIGSTOP');
    try {
      // Its subscription is gone and it does not know: what is published now, it never hears.
      await redis.client('KILL', 'TYPE', 'pubsub');
      await logOut(alice);
      await untilRefused(projects(first, alice), 1_000);
    } finally {
      process.kill(pid, 'SIGCONT');
      redis.disconnect();
    }
    await untilRefused(projects(second, alice), 1_000);
    await expectEntry(projects(second, bob));
  });

  it('stays refused when auth-service comes back, and nobody else is logged out by that', async () => {
    const [alice, bob] = [await aKnownPerson(), await aKnownPerson()];
    await logOut(alice);
    for (const client of [first, second]) await untilRefused(projects(client, alice), 1_000);
    await stack.children.get('auth-service')?.kill();
    // What is remembered is good without anybody to ask.
    for (const client of [first, second]) expectStatus(await projects(client, bob)(), 200);
    await stack.startService('auth-service');
    for (const client of [first, second]) {
      await untilRefused(projects(client, alice), 0);
      await expectEntry(projects(client, bob));
    }
  });

  it('ends the other sessions of a person everywhere within a second, and not this one', async () => {
    const alice = await aKnownPerson();
    const login = { login: alice.username, password: alice.password };
    const { accessToken } = expectStatus(await first.post('/auth/login', { body: login }), 200).body;
    const here = { token: accessToken as string };
    expectStatus(await first.delete('/auth/sessions', { token: here.token }), 204);
    for (const client of [first, second]) {
      await untilRefused(projects(client, alice), 1_000);
      await expectEntry(projects(client, here));
    }
  });

  it('costs the requests of everybody else no call', async () => {
    const calls = (service: 'auth-service' | 'tenant-service', method: string): Promise<number> =>
      readMetric(`http://127.0.0.1:${stack.ports(service).management}`, 'grpc_server_requests_seconds_count', {
        method,
      });
    const questions = (): Promise<number[]> =>
      Promise.all([
        calls('auth-service', SessionServiceService.getSession.path),
        calls('tenant-service', AccountServiceService.getAccount.path),
      ]);

    const alice = await aKnownPerson();
    const before = await questions();
    expect(before.every((count) => count > 0)).toBe(true);
    for (let n = 0; n < 200; n++) expectStatus(await projects(n % 2 === 0 ? first : second, alice)(), 200);
    const asked = (await questions()).map((count, at) => count - (before[at] ?? 0));
    // A gateway asks again once a minute at most.
    expect(asked.every((count) => count <= 2)).toBe(true);
  });
});
