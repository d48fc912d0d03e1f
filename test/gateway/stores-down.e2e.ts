import { jest } from '@jest/globals';

import { describeWith, startMariaDb, startRedis, type TestServer, until } from '@libs/testing';

import { everythingTo, GatewayProcess } from '../support/gateway-process.js';
import { anUpstream, type Upstream } from '../support/upstream.js';

jest.setTimeout(60_000);

const token = 'the-token-of-an-operator';

describeWith(['mariadbd', 'redis-server'], 'a gateway whose stores are all down', () => {
  let mariaDb: TestServer;
  let redis: TestServer;
  let upstream: Upstream;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    upstream = await anUpstream((_, response) => response.end('from the service'));
    [mariaDb, redis] = await Promise.all([startMariaDb(), startRedis()]);
    gateway = await GatewayProcess.start(
      { routes: [] },
      {
        env: {
          CONFIGURATION_SOURCE: 'database',
          DATABASE_URL: mariaDb.url,
          REDIS_URL: redis.url,
          MANAGEMENT_TOKEN: token,
        },
      },
    );
  });
  afterAll(async () => {
    await gateway?.dispose();
    await Promise.all([upstream?.close(), mariaDb?.stop(), redis?.stop()]);
  });

  const publish = async (document: object): Promise<number> => {
    const answer = await fetch(`${gateway.management}/configuration/versions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ author: 'test', reason: 'to have something to keep', document }),
    });
    return answer.status;
  };
  const stale = (): Promise<number> => gateway.metric('gateway_configuration_stale');
  const ask = async (path = '/a'): Promise<string> => {
    const answer = await fetch(`${gateway.url}${path}`);
    return `${answer.status} ${await answer.text()}`;
  };

  it('starts with what was published last, serves, and says that it may be old', async () => {
    const limited = {
      ...everythingTo([upstream.url]),
      rateLimits: { few: { key: 'address', algorithm: 'fixed-window', quota: 1_000, window: '60s' } },
      addresses: { rateLimits: ['few'] },
    };
    expect(await publish(gateway.complete(limited))).toBe(201);
    await until(ask, (answer) => answer === '200 from the service');
    expect((await gateway.stop()).code).toBe(0);
    await Promise.all([mariaDb.kill(), redis.kill()]);

    const begun = performance.now();
    await gateway.startAgain();
    expect(performance.now() - begun).toBeLessThan(15_000);
    expect(await ask()).toBe('200 from the service');
    expect(await stale()).toBe(1);
    const ready = await fetch(`${gateway.url}/ready`);
    expect([ready.status, await ready.text()]).toEqual([200, expect.stringContaining('last-good')]);
    expect(await publish(gateway.complete({ routes: [] }))).toBe(503);
    expect(await ask()).toBe('200 from the service');
  });

  it('takes the next version when they are back', async () => {
    await Promise.all([mariaDb.restart(), redis.restart()]);
    await until(stale, (value) => value === 0, 15_000);
    expect(await publish(gateway.complete({ routes: [] }))).toBe(201);
    await until(ask, (answer) => answer.startsWith('404'));
  });
});
