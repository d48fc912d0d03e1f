import { describeWith, startRedis, type TestServer } from '@libs/testing';
import { Redis } from 'ioredis';

import { itLimitsRates } from './rate-limiter.fixture.js';
import { RedisRateLimiter } from './redis-rate-limiter.js';

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
    itLimitsRates(() => {
      let now = 1_700_000_000_123;
      return { limiter: new RedisRateLimiter(redis, () => now), advance: (ms) => void (now += ms) };
    });
  });

  it('reads the clock of Redis unless it is given one', async () => {
    const limiter = new RedisRateLimiter(redis);
    await limiter.take([{ key: 'clock', policy }]);
    const [seconds] = await redis.time();
    const at = Number(await redis.hget('gatehouse:limit:token-bucket:by-user:clock', 'at'));
    expect(Math.abs(at / 1_000 - Number(seconds))).toBeLessThan(5);
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
    const algorithms = ['token-bucket', 'leaky-bucket', 'fixed-window', 'sliding-window'] as const;
    await limiter.take(algorithms.map((algorithm) => ({ key: 'expiry', policy: { ...policy, algorithm } })));
    for (const algorithm of algorithms) {
      expect(await redis.pttl(`gatehouse:limit:${algorithm}:by-user:expiry`)).toBeGreaterThan(0);
    }
  });

  it('goes on after a restart has made Redis forget the script', async () => {
    const limiter = new RedisRateLimiter(redis);
    await limiter.take([{ key: 'restart', policy }]);
    await redis.script('FLUSH');
    expect((await limiter.take([{ key: 'restart', policy }])).states).toMatchObject([{ remaining: 8 }]);
  });
});

async function scriptCalls(redis: Redis): Promise<number> {
  const info = await redis.info('commandstats');
  return Number(/cmdstat_evalsha:calls=(\d+)/.exec(info)?.[1] ?? 0);
}
