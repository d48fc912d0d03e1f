import { once } from 'node:events';

import { describeWith, startRedis } from '@libs/testing';

import { FallbackRateLimiter } from './fallback-rate-limiter.js';
import { MemoryRateLimiter } from './memory-rate-limiter.js';
import { type LimitDecision, RateLimiter } from './rate-limiter.js';
import { connectRedis } from './redis-connection.js';
import { RedisRateLimiter } from './redis-rate-limiter.js';

class ScriptedLimiter extends RateLimiter {
  calls = 0;
  answer: () => Promise<LimitDecision> = () => Promise.resolve({ allowed: true, states: [], retryAfterMs: 0 });

  take(): Promise<LimitDecision> {
    this.calls++;
    return this.answer();
  }
}

const silent = { warn: () => undefined, log: () => undefined };
const policy = { name: 'by-user', algorithm: 'fixed-window', quota: 1, windowMs: 60_000 } as const;
const limits = [{ key: 'alice', policy }];

describe('FallbackRateLimiter', () => {
  let now = 0;
  let shared: ScriptedLimiter;
  let limiter: FallbackRateLimiter;

  beforeEach(() => {
    now = 0;
    shared = new ScriptedLimiter();
    const own = new MemoryRateLimiter({ clock: () => now });
    limiter = new FallbackRateLimiter(shared, own, silent, { budgetMs: 20, pauseMs: 1_000, clock: () => now });
  });

  it('asks the shared limiter', async () => {
    await limiter.take(limits);
    expect(shared.calls).toBe(1);
  });

  it.each([
    { when: 'fails', answer: () => Promise.reject(new Error('connection lost')) },
    { when: 'does not answer', answer: () => new Promise<never>(() => undefined) },
  ])('decides alone when the shared limiter $when, and still limits', async ({ answer }) => {
    shared.answer = answer;
    expect((await limiter.take(limits)).allowed).toBe(true);
    expect((await limiter.take(limits)).allowed).toBe(false);
    expect(shared.calls).toBe(1);
  });

  it('asks the shared limiter again after a pause', async () => {
    const working = shared.answer;
    shared.answer = () => Promise.reject(new Error('connection lost'));
    await limiter.take(limits);
    shared.answer = working;
    now = 1_000;
    expect((await limiter.take(limits)).allowed).toBe(true);
    expect(shared.calls).toBe(2);
  });
});

describeWith(['redis-server'], 'FallbackRateLimiter over Redis', () => {
  it('answers within its budget while Redis hangs, and when it is gone', async () => {
    const server = await startRedis();
    const redis = connectRedis(server.url, 'test', silent);
    try {
      await once(redis, 'ready');
      const limiter = new FallbackRateLimiter(new RedisRateLimiter(redis), new MemoryRateLimiter(), silent);
      expect((await limiter.take(limits)).allowed).toBe(true);

      server.pause();
      const before = performance.now();
      expect((await limiter.take(limits)).allowed).toBe(true);
      expect(performance.now() - before).toBeLessThan(500);

      await server.kill();
      expect((await limiter.take(limits)).allowed).toBe(false);
    } finally {
      redis.disconnect();
      await server.stop();
    }
  }, 30_000);
});
