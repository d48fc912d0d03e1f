import { jest } from '@jest/globals';

import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

import { describeWith, startRedis, type TestServer } from '@libs/testing';
import { Pool } from 'undici';

import { Admissions, isExact } from '../support/admissions.js';
import { everythingTo, GatewayProcess } from '../support/gateway-process.js';
import { Load } from '../support/load.js';
import { anUpstream, type Upstream } from '../support/upstream.js';

jest.setTimeout(120_000);

const quota = 100;
const clients = 64;

describeWith(['redis-server'], 'two gateways that share a limit in Redis', () => {
  let redis: TestServer;
  let upstream: Upstream;
  let gateways: GatewayProcess[];
  let pools: Pool[];
  let admissions: Admissions;
  let arrived: number;

  const configuration = (limit: object, to: Upstream): Record<string, unknown> => {
    const [everything] = everythingTo([to.url])['routes'] as object[];
    return {
      ...everythingTo([to.url]),
      rateLimits: { all: { key: 'route', quota, ...limit } },
      routes: [{ ...everything, rateLimits: ['all'] }],
    };
  };

  const start = async (limit: object, to = upstream): Promise<void> => {
    admissions = new Admissions();
    arrived = 0;
    gateways = await Promise.all(
      ['one', 'two'].map((name) =>
        GatewayProcess.start(configuration(limit, to), { name, env: { REDIS_URL: redis.url, LOG_LEVEL: 'error' } }),
      ),
    );
    // Who does not know of the other one takes what is left for its own.
    while ((await Promise.all(gateways.map((one) => one.metric('gateway_live_gateways')))).some((n) => n !== 2)) {
      await wait(50);
    }
    pools = gateways.map(({ url }) => new Pool(url, { connections: clients / 2 }));
  };

  /** Clients that never wait, half of them at each gateway. Only 200 and 429 are good. */
  const flood = (pauseMs = 0): Load =>
    new Load({ clients, pauseMs }, async (n) => {
      const sentAt = performance.now();
      const { statusCode, body } = await (pools[n % 2] as Pool).request({ path: '/', method: 'GET' });
      await body.dump();
      if (statusCode === 200) admissions.add({ sentAt, answeredAt: performance.now() });
      return statusCode === 200 || statusCode === 429 ? '' : `status ${statusCode}`;
    });

  beforeAll(async () => {
    redis = await startRedis();
    upstream = await anUpstream((_request, response) => {
      arrived++;
      response.end();
    });
  });
  afterEach(async () => {
    await Promise.all(pools.map((pool) => pool.destroy()));
    await Promise.all(gateways.map((gateway) => gateway.dispose()));
  });
  afterAll(async () => {
    await upstream.close();
    await redis.stop();
  });

  it('admit exactly the quota in each of 20 windows', async () => {
    const windowMs = 1_500;
    await start({ algorithm: 'fixed-window', window: `${windowMs}ms` });
    const load = flood(2);
    while (admissions.count < 22.5 * quota) await wait(50);
    expect((await load.stop()).failures).toEqual({});
    // The window that is open when the clients stop need not be full.
    const bursts = admissions.bursts(windowMs).slice(0, -1);
    expect(bursts.filter((burst) => !isExact(burst, quota))).toEqual([]);
    expect(bursts.reduce((sum, { admitted }) => sum + admitted, 0)).toBeGreaterThanOrEqual(20 * quota);
    expect(arrived).toBe(admissions.count);
  });

  it('admit no more than the quota in any window, wherever it begins, and hardly less', async () => {
    const windowMs = 2_000;
    await start({ algorithm: 'sliding-window', window: `${windowMs}ms` });
    const load = flood(2);
    await wait(6 * windowMs);
    expect((await load.stop()).failures).toEqual({});
    expect(admissions.mostWithin(windowMs)).toBeLessThanOrEqual(quota);
    expect(admissions.count).toBeGreaterThan(quota * 5);
  });

  it('admit no more than the quota in any window while Redis stops again and again, longer than anybody waits', async () => {
    const windowMs = 1_000;
    await start({ algorithm: 'sliding-window', window: `${windowMs}ms` });
    const load = flood(2);
    for (let pause = 0; pause < 40; pause++) {
      await wait(90);
      redis.pause();
      await wait(110);
      redis.resume();
    }
    expect((await load.stop()).failures).toEqual({});
    const late = await Promise.all(
      gateways.map((one) => one.metric('gateway_rate_limit_events_total', { event: 'late' })),
    );
    expect(Math.max(...late)).toBeGreaterThan(0);
    expect(admissions.mostWithin(windowMs)).toBeLessThanOrEqual(quota);
    expect(admissions.count).toBeGreaterThan(quota * 4);
  });

  it('refuse with 429 only, and stay near the quota, when Redis is killed under load; and share again within 5 s', async () => {
    const windowMs = 1_000;
    await start({ algorithm: 'fixed-window', window: `${windowMs}ms` });
    const load = flood(5);
    await wait(2_000);
    await redis.kill();
    const killedAt = performance.now();
    await wait(5_000);
    const alone = admissions.since(killedAt);
    expect(alone / (5_000 / windowMs)).toBeGreaterThan(quota * 0.8);
    expect(alone / (5_000 / windowMs)).toBeLessThan(quota * 1.2);
    // Their windows need not begin together.
    expect(admissions.mostWithin(windowMs, killedAt)).toBeLessThanOrEqual(quota * 2 * 1.2);

    await redis.restart();
    const restartedAt = performance.now();
    const areAlone = () => Promise.all(gateways.map((one) => one.metric('gateway_rate_limits_alone')));
    while ((await areAlone()).includes(1)) await wait(50);
    const tookMs = performance.now() - restartedAt;
    expect(tookMs).toBeLessThan(5_000);

    // The window in which they came back is over, and the next one is full.
    await wait(windowMs);
    await admissions.silence(windowMs / 4);
    const from = performance.now();
    await wait(6 * windowMs);
    const report = await load.stop();
    expect(report.failures).toEqual({});
    const shared = admissions.bursts(windowMs, from).slice(0, -1);
    expect(shared.filter((burst) => !isExact(burst, quota))).toEqual([]);
    expect(shared.reduce((sum, { admitted }) => sum + admitted, 0)).toBeGreaterThanOrEqual(3 * quota);
  });

  it('count what runs at once, also when one of them dies', async () => {
    const lease = 1_000;
    const hanging: ServerResponse[] = [];
    const slow = await anUpstream((_request, response) => void hanging.push(response));
    await start({ algorithm: 'concurrency', quota: 8, lease: `${lease}ms` }, slow);
    const [one, two] = gateways as [GatewayProcess, GatewayProcess];
    await Promise.all([one.stop(), two.stop()]);
    await Promise.all([one.startAgain(), two.startAgain()]);

    const calls = Array.from({ length: 4 }, () => fetch(one.url).catch(() => undefined));
    while (hanging.length < 4) await wait(10);
    const others = Array.from({ length: 10 }, () => fetch(two.url).catch(() => undefined));
    expect((await Promise.race(others))?.status).toBe(429);
    await wait(3 * lease);
    expect(hanging).toHaveLength(8);
    // Renewed all the while: there is no place yet.
    expect((await fetch(two.url)).status).toBe(429);

    await one.dispose();
    const diedAt = performance.now();
    while (hanging.length < 8 + 4) {
      calls.push(fetch(two.url).catch(() => undefined));
      await wait(20);
    }
    expect(performance.now() - diedAt).toBeLessThan(3 * lease);
    expect(hanging).toHaveLength(8 + 4);

    for (const response of hanging) response.end();
    await Promise.all([...calls, ...others]);
    await slow.close();
  });
});
