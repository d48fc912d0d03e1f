import { jest } from '@jest/globals';

import { until } from '@libs/testing';

import { Client } from './support/client.js';
import { aPerson, expectStatus } from './support/flow.js';
import { EmbeddedStack } from './support/stack.js';

jest.setTimeout(60_000);

describe('the actuator on the public port', () => {
  let stack: EmbeddedStack;
  let client: Client;
  let operator: string;

  beforeAll(async () => {
    stack = await EmbeddedStack.create({ LOG_LEVEL: 'info' });
    await stack.start();
    client = new Client(stack.gateways[0] as string);
    const login = { login: 'admin', password: stack.adminPassword };
    operator = expectStatus(await client.post('/auth/login', { body: login }), 200).body.accessToken;
  });
  afterAll(async () => {
    await client?.close();
    await stack?.dispose();
  });

  it('is for the role platform-admin', async () => {
    const alice = await aPerson(client);
    for (const path of ['/actuator', '/actuator/health', '/actuator/gateway/routes', '/actuator/metrics?tag=a:b']) {
      expect((await client.get(path)).status).toBe(404);
      expect((await client.get(path, { token: alice.token })).status).toBe(403);
      expect((await client.get(path, { token: 'forged' })).status).toBe(401);
      expect((await client.get(path, { token: operator })).status).toBe(200);
    }
    const headers = { 'x-roles': 'platform-admin', 'x-user-id': alice.userId, 'x-active': 'true' };
    expect((await client.get('/actuator/health', { headers })).status).toBe(404);
    expect((await client.get('/actuator/nothing', { token: operator })).status).toBe(404);
  });

  it('has details for whoever may enter, and metrics by tag', async () => {
    const health = await client.get('/actuator/health', { token: operator });
    expect(health.body).toMatchObject({
      status: 'UP',
      components: { configuration: { status: 'UP', details: expect.any(Object) } },
      groups: ['liveness', 'readiness'],
    });
    const metric = await client.get('/actuator/metrics/http.server.requests?tag=route:gateway-actuator', {
      token: operator,
    });
    expect(metric.body.measurements[0].value).toBeGreaterThan(0);
    const routes = await client.get('/actuator/gateway/routes', { token: operator });
    expect(routes.body.map(({ route_id }: { route_id: string }) => route_id)).toContain('projects');
  });

  it('changes what is logged while it runs', async () => {
    const set = (name: string, configuredLevel: string | null) =>
      client.post(`/actuator/loggers/${name}`, { token: operator, body: { configuredLevel } });
    const lines = (path: string): number =>
      stack
        .output()
        .split('\n')
        .filter((line) => line.includes(path)).length;

    await client.get('/public/nothing-heard');
    await until(
      () => lines('/public/nothing-heard'),
      (count) => count === 1,
    );
    expect((await set('AccessLog', 'OFF')).status).toBe(204);
    await client.get('/public/nothing-unheard');
    expect((await set('AccessLog', null)).status).toBe(204);
    await client.get('/public/nothing-again');
    await until(
      () => lines('/public/nothing-again'),
      (count) => count === 1,
    );
    expect(lines('/public/nothing-unheard')).toBe(0);
    expect((await set('AccessLog', 'LOUD')).status).toBe(400);
  });
});
