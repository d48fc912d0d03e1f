import { jest } from '@jest/globals';

import { setTimeout as wait } from 'node:timers/promises';

import { describeWith } from '@libs/testing';

import { type Answer, Client } from './support/client.js';
import { aPerson, expectStatus, type Person } from './support/flow.js';
import { DistributedStack } from './support/stack.js';
import { StackConfiguration, withoutLimits } from './support/stack-configuration.js';
import { untilRefused } from './support/until-refused.js';

jest.setTimeout(60_000);

describeWith(['mariadbd', 'redis-server'], 'refresh tokens at two gateways', () => {
  const configuration = new StackConfiguration(withoutLimits);
  let stack: DistributedStack;
  let clients: Client[];
  let first: Client;

  beforeAll(async () => {
    stack = await DistributedStack.create(2, { ...configuration.environment, REFRESH_GRACE: '10s' });
    await stack.start();
    clients = stack.gateways.map((url) => new Client(url));
    first = clients[0] as Client;
  });
  afterAll(async () => {
    await Promise.all(clients?.map((client) => client.close()) ?? []);
    await stack?.dispose();
    configuration.remove();
  });

  const refresh = (refreshToken: string, client = first): Promise<Answer> =>
    client.post('/auth/refresh', { body: { refreshToken } });
  const projects = (client: Client, token: string): Promise<Answer> => client.get('/projects', { token });
  const sessionOf = (token: string): string => {
    const [, claims = ''] = token.split('.');
    return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sid: string }).sid;
  };

  it('are one family however often one is sent at the same moment, and nobody is logged out', async () => {
    const alice = await aPerson(first);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => refresh(alice.refreshToken, clients[n % clients.length])),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(50).fill(200));
    const successors = new Set(answers.map(({ body }) => body.refreshToken as string));
    expect(successors.size).toBe(1);
    expect(new Set(answers.map(({ body }) => sessionOf(body.accessToken)))).toEqual(new Set([sessionOf(alice.token)]));

    for (const client of clients) expectStatus(await projects(client, alice.token), 200);
    const { body } = expectStatus(await first.get('/auth/sessions', { token: alice.token }), 200);
    expect(body.items).toHaveLength(1);
    expectStatus(await refresh([...successors].join()), 200);
  });

  describe('that were stolen', () => {
    let alice: Person;
    let renewed: { accessToken: string; refreshToken: string };

    beforeAll(async () => {
      alice = await aPerson(first);
      renewed = expectStatus(await refresh(alice.refreshToken), 200).body;
      for (const client of clients) expectStatus(await projects(client, renewed.accessToken), 200);
      await wait(10_500);
    });

    it('end their family everywhere when they are used after their rotation', async () => {
      expect(await refresh(alice.refreshToken)).toMatchObject({ status: 401, body: { code: 'AUTH_REFRESH_REJECTED' } });
      for (const token of [alice.token, renewed.accessToken]) {
        await Promise.all(clients.map((client) => untilRefused(() => projects(client, token), 1_000)));
      }
      expect((await refresh(renewed.refreshToken)).status).toBe(401);
    });

    it('are found in the audit trail of the tenant', async () => {
      const login = { login: alice.username, password: alice.password };
      const { accessToken } = expectStatus(await first.post('/auth/login', { body: login }), 200).body;
      const ended = async () => {
        await wait(200);
        const trail = await first.get(`/tenants/${alice.tenantId}/audit?pageSize=100`, { token: accessToken });
        const items = expectStatus(trail, 200).body.items as { action: string; target: string; details: object }[];
        return items.filter(({ action }) => action === 'session.ended');
      };
      let found = await ended();
      for (let n = 0; n < 50 && found.length === 0; n++) found = await ended();
      expect(found).toMatchObject([
        { target: sessionOf(alice.token), outcome: 'done', details: { reason: 'refresh-token-reused' } },
      ]);
    });
  });
});
