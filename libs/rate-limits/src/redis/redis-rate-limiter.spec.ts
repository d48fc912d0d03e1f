import { setTimeout } from 'node:timers/promises';

import { describeWith, startRedis, type TestServer } from '@libs/testing';
import { Redis } from 'ioredis';

import { itAgreesWithTheModel } from '../limits/agrees-with-model.fixture.js';
import { itLimitsRates } from '../limits/rate-limiter.fixture.js';
import { RedisRateLimiter } from './redis-rate-limiter.js';
import { TooLate } from '../limits/shared-rate-limiter.js';

const policy = { name: 'by-user', algorithm: 'token-bucket', quota: 10, windowMs: 60_000 } as const;

describeWith(['redis-server'], 'RedisRateLimiter', () => {
  let server: TestServer;
  let redis: Redis;

  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
    redis.on('error', () => undefined);
  }, 30_000);
  afterAll(async () => {
    redis?.disconnect();
    await server?.stop();
  });

  describe('like every RateLimiter', () => {
    beforeEach(() => redis.flushall());
    const start = () => {
      let now = 1_700_000_000_123;
      const limiter = new RedisRateLimiter(redis, { clock: () => now });
      return { limiter, advance: (ms: number) => void (now += ms) };
    };
    itLimitsRates(start);
    itAgreesWithTheModel(start, 150);
  });

  it('reads the clock of Redis unless it is given one', async () => {
    const limiter = new RedisRateLimiter(redis);
    await limiter.take([{ key: 'clock', policy: { ...policy, algorithm: 'leaky-bucket', quota: 1 } }]);
    const left = await redis.pttl('{gatehouse:limits}:l:60000:by-user:clock');
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(61_000);
  });

  it('sends the calls of one turn as one script call', async () => {
    const limiter = new RedisRateLimiter(redis);
    await limiter.take([{ key: 'warm', policy }]);
    const before = await scriptCalls(redis);
    await Promise.all(Array.from({ length: 30 }, (_, i) => limiter.take([{ key: `turn-${i}`, policy }])));
    expect((await scriptCalls(redis)) - before).toBe(1);
  });

  it('leaves nothing in Redis for ever', async () => {
    const limiter = new RedisRateLimiter(redis);
    await redis.flushall();
    const algorithms = ['token-bucket', 'leaky-bucket', 'fixed-window', 'sliding-window', 'concurrency'] as const;
    const { release } = await limiter.take(
      algorithms.map((algorithm) => ({ key: 'expiry', policy: { ...policy, algorithm } })),
    );
    const keys = await redis.keys('*');
    expect(keys).toHaveLength(5);
    for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0);
    release?.();
    limiter.close();
  });

  it('counts what is settled without asking, and takes back what is negative', async () => {
    const limiter = new RedisRateLimiter(redis);
    const limit = { key: 'settled', policy };
    await limiter.settle([{ ...limit, cost: 12 }]);
    expect((await limiter.take([limit])).allowed).toBe(false);
    await limiter.settle([{ ...limit, cost: -5 }]);
    expect(await limiter.take([limit])).toMatchObject({ allowed: true, states: [{ remaining: 2 }] });
  });

  describe.each(['fixed-window', 'sliding-window'] as const)(
    'gives back to the window that it was taken from: %s',
    (algorithm) => {
      const windowMs = 6_400;
      const limit = { key: 'given-back', policy: { ...policy, algorithm, quota: 2, windowMs } };
      let now: number;
      let limiter: RedisRateLimiter;
      const remaining = async () => (await limiter.take([{ ...limit, cost: 0 }])).states[0]?.remaining;
      beforeEach(async () => {
        await redis.flushall();
        now = 6_400_000;
        limiter = new RedisRateLimiter(redis, { clock: () => now });
        await limiter.take([limit]);
      });

      it('while that window lasts', async () => {
        const countedAt = now;
        now += 200;
        await limiter.take([limit]);
        await limiter.settle([{ ...limit, cost: -1, countedAt }]);
        expect(await remaining()).toBe(1);
        now = countedAt + windowMs + 200;
        expect(await remaining()).toBe(algorithm === 'fixed-window' ? 2 : 1);
      });

      it('and not to the next one', async () => {
        const countedAt = now;
        now += windowMs + 200;
        await limiter.take([{ ...limit, cost: 2 }]);
        await limiter.settle([{ ...limit, cost: -1, countedAt }]);
        expect(await remaining()).toBe(0);
      });
    },
  );

  describe('a lease', () => {
    const two = { name: 'two-at-once', algorithm: 'concurrency', quota: 2, windowMs: 300 } as const;

    it('ends by itself when its process is gone, and not before', async () => {
      const [dead, alive] = [new RedisRateLimiter(redis), new RedisRateLimiter(redis)];
      const limits = [{ key: 'crash', policy: two }];
      await dead.take(limits);
      const held = await alive.take(limits);
      expect((await alive.take(limits)).allowed).toBe(false);
      // It stops renewing, which is all that a crash does.
      dead.close();
      const [free] = await eventually(
        () => alive.take(limits),
        ({ allowed }) => allowed,
      );
      expect((await alive.take(limits)).allowed).toBe(false);
      free.release?.();
      held.release?.();
    });

    it('is given back in the same script call in which the next one is taken', async () => {
      const limiter = new RedisRateLimiter(redis);
      const limits = [{ key: 'turn', policy: { ...two, quota: 1 } }];
      const first = await limiter.take(limits);
      const before = await scriptCalls(redis);
      first.release?.();
      expect((await limiter.take(limits)).allowed).toBe(true);
      expect((await scriptCalls(redis)) - before).toBe(1);
      limiter.close();
    });

    it('is known again after Redis has forgotten it', async () => {
      const limiter = new RedisRateLimiter(redis);
      const limits = [{ key: 'forgotten', policy: { ...two, quota: 1, windowMs: 60_000 } }];
      const first = await limiter.take(limits);
      await redis.flushall();
      await limiter.renewLeases();
      expect((await limiter.take(limits)).allowed).toBe(false);
      first.release?.();
      expect((await limiter.take(limits)).allowed).toBe(true);
      limiter.close();
    });
  });

  it('rejects what comes too late, and still tells what was decided', async () => {
    const limiter = new RedisRateLimiter(redis, { budgetMs: 20 });
    server.pause();
    const late = await limiter.take([{ key: 'late', policy }]).catch((error: unknown) => error);
    server.resume();
    expect(late).toBeInstanceOf(TooLate);
    expect(await (late as TooLate).answer).toMatchObject({
      decision: { allowed: true, states: [{ remaining: 9 }] },
      countedAt: expect.closeTo(Date.now(), -4),
    });
  });

  it('goes on after a restart has made Redis forget the script', async () => {
    const limiter = new RedisRateLimiter(redis);
    await limiter.take([{ key: 'restart', policy }]);
    await redis.script('FLUSH');
    expect((await limiter.take([{ key: 'restart', policy }])).states).toMatchObject([{ remaining: 8 }]);
  });
});

describeWith(['redis-server'], 'RedisRateLimiter on a node of a Redis Cluster', () => {
  it('spends from the limits of user, tenant, address and route in one call, because they share a slot', async () => {
    const server = await startRedis('--cluster-enabled', 'yes');
    const redis = new Redis(server.url);
    try {
      await redis.cluster('ADDSLOTSRANGE', 0, 16_383);
      const limiter = new RedisRateLimiter(redis);
      const limits = ['user:42', 'tenant:{7}', 'address:192.0.2.1', 'route:things'].map((key) => ({ key, policy }));
      const atOnce = { name: 'at-once', algorithm: 'concurrency', quota: 1, windowMs: 1_000 } as const;
      const decision = await eventually(
        () => limiter.take([...limits, { key: 'route:things', policy: atOnce }]).catch(() => undefined),
        (answer) => answer !== undefined,
      );
      expect(decision).toMatchObject([{ allowed: true }]);
      limiter.close();
    } finally {
      redis.disconnect();
      await server.stop();
    }
  }, 30_000);
});

async function scriptCalls(redis: Redis): Promise<number> {
  const info = await redis.info('commandstats');
  return Number(/cmdstat_evalsha:calls=(\d+)/.exec(info)?.[1] ?? 0);
}

/** Asks until the answer is good, and gives back that one. */
async function eventually<T>(ask: () => Promise<T>, isGood: (answer: T) => boolean, withinMs = 5_000): Promise<[T]> {
  for (const deadline = performance.now() + withinMs; ;) {
    const answer = await ask();
    if (isGood(answer)) return [answer];
    if (performance.now() > deadline) throw new Error('it did not happen in time');
    await setTimeout(20);
  }
}
