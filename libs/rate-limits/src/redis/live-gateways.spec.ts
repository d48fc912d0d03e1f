import { once } from 'node:events';

import { connectRedis } from '@libs/redis';
import { describeWith, startRedis, type TestServer } from '@libs/testing';
import type { Redis } from 'ioredis';

import { LiveGateways } from './live-gateways.js';

const silent = { warn: () => undefined, log: () => undefined };

describe('LiveGateways', () => {
  it('counts this process alone without Redis', async () => {
    expect((await new LiveGateways().join()).count).toBe(1);
  });
});

describeWith(['redis-server'], 'LiveGateways', () => {
  let server: TestServer;
  let redis: Redis;

  beforeAll(async () => {
    server = await startRedis();
    redis = connectRedis(server.url, 'test', silent);
    await once(redis, 'ready');
  }, 30_000);
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it('counts those that announce themselves, and those that leave no more', async () => {
    const [one, two] = [await new LiveGateways(redis).join(), await new LiveGateways(redis).join()];
    await one.beat();
    expect([one.count, two.count]).toEqual([2, 2]);
    await two.beforeApplicationShutdown();
    await one.beat();
    expect(one.count).toBe(1);
    await one.beforeApplicationShutdown();
  });

  it('forgets one that is silent, which is all that a crash leaves', async () => {
    const alive = await new LiveGateways(redis).join();
    await redis.zadd('{gatehouse:limits}:gateways', Date.now() - 1, 'crashed');
    await alive.beat();
    expect(alive.count).toBe(1);
    await alive.beforeApplicationShutdown();
  });

  it('stays with what it knew while Redis is away', async () => {
    const [one, two] = [await new LiveGateways(redis).join(), await new LiveGateways(redis).join()];
    await one.beat();
    await server.kill();
    await one.beat();
    expect(one.count).toBe(2);
    await Promise.all([one.beforeApplicationShutdown(), two.beforeApplicationShutdown()]);
  });
});
