import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

import { connectRedis } from '@libs/redis';
import { describeWith, startRedis, type TestServer } from '@libs/testing';
import type { Redis } from 'ioredis';

import { FallbackRateLimiter } from './fallback-rate-limiter.js';
import { MemoryRateLimiter } from '../memory/memory-rate-limiter.js';
import { OwnShare } from './own-share.js';
import type { Limit, LimitDecision } from '../limits/rate-limiter.js';
import { RedisRateLimiter } from '../redis/redis-rate-limiter.js';
import { type LateAnswer, type SharedRateLimiter, type SpentLimit, TooLate } from '../limits/shared-rate-limiter.js';

const silent = { warn: () => undefined, log: () => undefined };
const policy = { name: 'by-user', algorithm: 'fixed-window', quota: 10, windowMs: 60_000 } as const;
const limits = [{ key: 'alice', policy }];

/** A shared limiter in this process, that is broken and mended as the test wants. */
class BreakableLimiter implements SharedRateLimiter {
  readonly inside: MemoryRateLimiter;
  readonly settled: SpentLimit[] = [];
  renewals = 0;
  calls = 0;
  failure: Error | undefined;

  constructor(clock: () => number) {
    this.inside = new MemoryRateLimiter({ clock });
  }

  async take(asked: readonly Limit[]): Promise<LimitDecision> {
    this.calls++;
    await this.probe();
    return this.inside.take(asked);
  }

  async probe(): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
  }

  async settle(spent: readonly SpentLimit[]): Promise<void> {
    await this.probe();
    this.settled.push(...spent);
    await this.inside.take(spent);
  }

  hold(): () => void {
    return () => undefined;
  }

  async renewLeases(): Promise<void> {
    this.renewals++;
  }

  close(): void {
    // It has nothing open.
  }
}

describe('FallbackRateLimiter', () => {
  let now: number;
  let gateways: number;
  let shared: BreakableLimiter;
  let limiter: FallbackRateLimiter;

  beforeEach(() => {
    now = 1_000_000;
    gateways = 1;
    shared = new BreakableLimiter(() => now);
    const own = new OwnShare({ clock: () => now, gateways: () => gateways });
    limiter = new FallbackRateLimiter(shared, own, silent, { retryMs: 5, clock: () => now });
  });
  afterEach(() => limiter.onApplicationShutdown());

  const allowed = async (calls: number, asked: readonly Limit[] = limits): Promise<number> => {
    const decisions: LimitDecision[] = [];
    for (let i = 0; i < calls; i++) decisions.push(await limiter.take(asked));
    return decisions.filter((decision) => decision.allowed).length;
  };
  const sharedAgain = async () => {
    shared.failure = undefined;
    while (limiter.isAlone) await setTimeout(1);
  };

  it('asks the shared limiter', async () => {
    await limiter.take(limits);
    expect(shared.calls).toBe(1);
    expect(limiter.isAlone).toBe(false);
  });

  it.each([
    { gateways: 1, share: 10 },
    { gateways: 2, share: 5 },
    { gateways: 3, share: 3 },
    { gateways: 40, share: 1 },
  ])('lets its share through, $share of 10, when there are $gateways gateways', async ({ gateways: count, share }) => {
    gateways = count;
    shared.failure = new Error('connection lost');
    expect(await allowed(20)).toBe(share);
    expect(limiter.isAlone).toBe(true);
    expect(shared.calls).toBe(1);
  });

  it('takes longer for one where its share is less than one in a window', async () => {
    gateways = 40;
    shared.failure = new Error('connection lost');
    await allowed(1);
    now += 60_000 * 4 - 1;
    expect(await allowed(1)).toBe(0);
    now += 1;
    expect(await allowed(1)).toBe(1);
  });

  it.each(['fixed-window', 'sliding-window', 'token-bucket', 'leaky-bucket'] as const)(
    'goes on where the shared limiter stopped, with its share of what remained: %s',
    async (algorithm) => {
      const asked = [{ key: 'alice', policy: { ...policy, algorithm } }];
      expect(await allowed(6, asked)).toBe(6);
      shared.failure = new Error('connection lost');
      gateways = 2;
      expect(await allowed(20, asked)).toBe(2);
    },
  );

  it('tells the shared limiter what it let through, before it asks it again', async () => {
    await allowed(2);
    shared.failure = new Error('connection lost');
    expect(await allowed(3)).toBe(3);
    await sharedAgain();
    expect(shared.settled).toEqual([{ ...limits[0], cost: 3 }]);
    expect(await allowed(20)).toBe(5);
  });

  it('tells no more than time has not given back', async () => {
    shared.failure = new Error('connection lost');
    for (let window = 0; window < 5; window++, now += 60_000) await allowed(10);
    now -= 30_000;
    await allowed(4);
    await sharedAgain();
    expect(shared.settled).toEqual([{ ...limits[0], cost: 10 }]);
  });

  describe('while the shared limiter is slow', () => {
    const late = () => {
      const answer = Promise.withResolvers<LateAnswer>();
      shared.failure = new TooLate(50, answer.promise);
      return answer;
    };

    it('decides for those who have waited long enough when there is nobody else, and goes on asking', async () => {
      late();
      expect(await allowed(2)).toBe(2);
      expect(limiter.isAlone).toBe(false);
      expect(shared.calls).toBe(2);
    });

    it('asks no more when nobody was answered for a while', async () => {
      late();
      await allowed(1);
      now += 450;
      await allowed(5);
      expect(limiter.isAlone).toBe(true);
      expect(shared.calls).toBe(2);
    });

    it('does not count twice what the shared limiter has counted after all', async () => {
      const answer = late();
      expect(await allowed(1)).toBe(1);
      shared.failure = undefined;
      answer.resolve({ decision: await shared.inside.take(limits), countedAt: 1 });
      expect(await allowed(20)).toBe(9);
      expect(shared.settled).toEqual([]);
    });

    it('tells what it let through and the shared limiter would not have, and takes back the opposite', async () => {
      const decision = { allowed: false, states: [], retryAfterMs: 1, delayMs: 0, shadowedBy: [] };
      const first = late();
      await limiter.take(limits);
      shared.failure = undefined;
      first.resolve({ decision, countedAt: 1 });
      await setTimeout(5);
      const second = late();
      expect(await allowed(12)).toBe(10);
      shared.failure = undefined;
      second.resolve({ decision: { ...decision, allowed: true }, countedAt: 7 });
      await setTimeout(5);
      expect(shared.settled.map(({ cost, countedAt }) => [cost, countedAt])).toEqual([
        [1, undefined],
        [-1, 7],
        [-1, 7],
      ]);
    });

    describe('and there are others who spend', () => {
      beforeEach(() => void (gateways = 2));

      it('waits for what the shared limiter says, as the others may be spending all that is left', async () => {
        await allowed(9);
        const answer = late();
        const [first, second] = [limiter.take(limits), limiter.take(limits)];
        answer.resolve({ decision: await shared.inside.take(limits), countedAt: 42 });
        expect(await Promise.all([first, second])).toMatchObject([{ allowed: true, isLate: true }, { isLate: true }]);
        expect(limiter.isAlone).toBe(false);
        expect(shared.settled).toEqual([]);
      });

      it('waits no longer when the connection breaks', async () => {
        const answer = late();
        const waiting = limiter.take(limits);
        answer.reject(new Error('connection lost'));
        expect(await waiting).toMatchObject({ allowed: true });
        expect(limiter.isAlone).toBe(true);
      });

      it('lets through what can refuse nobody', async () => {
        late();
        expect(await allowed(3, [{ key: 'alice', policy: { ...policy, isShadow: true } }])).toBe(3);
        expect(await allowed(3, [{ key: 'alice', policy, cost: 0 }])).toBe(3);
      });

      it('takes its share when nobody was answered for a while', async () => {
        late();
        const before = performance.now();
        expect(await allowed(20)).toBe(5);
        expect(performance.now() - before).toBeLessThan(5_000);
        expect(limiter.isAlone).toBe(true);
      });

      it('gives back what was counted for a call that it refused when its patience was at an end', async () => {
        await allowed(9);
        const answer = late();
        expect(await allowed(1)).toBe(0);
        shared.failure = undefined;
        answer.resolve({ decision: await shared.inside.take(limits), countedAt: 42 });
        while (limiter.isAlone) await setTimeout(1);
        expect(shared.settled).toEqual([{ ...limits[0], cost: -1, countedAt: 42 }]);
        const { calls } = shared;
        await limiter.take(limits);
        expect(shared.calls).toBe(calls + 1);
      });

      it('does not give back twice, also when it does not know whether it was heard', async () => {
        const answer = late();
        await limiter.take(limits);
        shared.failure = new Error('connection lost');
        answer.resolve({ decision: { ...(await shared.inside.take(limits)), allowed: true }, countedAt: 42 });
        await setTimeout(1);
        await sharedAgain();
        expect(shared.settled).toEqual([]);
      });
    });
  });

  it('refuses from memory what the shared limiter has refused, until it can change', async () => {
    await allowed(11);
    expect(shared.calls).toBe(11);
    now += 59_999;
    expect(await limiter.take(limits)).toMatchObject({
      allowed: false,
      refusedBy: 'by-user',
      retryAfterMs: 1,
      states: [{ name: 'by-user', quota: 10, remaining: 0, resetMs: 1 }],
    });
    expect(shared.calls).toBe(11);
    now += 1;
    expect(await allowed(1)).toBe(1);
    expect(shared.calls).toBe(12);
  });

  it('asks again when the configuration has changed', async () => {
    await allowed(11);
    expect(await allowed(5, [{ key: 'alice', policy: { ...policy, quota: 13 } }])).toBe(3);
  });

  it('renews the leases when it is shared again, and counts those that were taken before', async () => {
    const asked = [
      { key: 'alice', policy: { ...policy, name: 'at-once', algorithm: 'concurrency', quota: 2 } as const },
    ];
    const first = await limiter.take(asked);
    shared.failure = new Error('connection lost');
    expect(await allowed(5, asked)).toBe(1);
    first.release?.();
    expect(await allowed(5, asked)).toBe(1);
    await sharedAgain();
    expect(shared.renewals).toBe(1);
  });
});

describeWith(['redis-server'], 'FallbackRateLimiter over Redis', () => {
  let server: TestServer;
  let redis: Redis;
  let limiter: FallbackRateLimiter;

  beforeEach(async () => {
    server = await startRedis();
    redis = connectRedis(server.url, 'test', silent);
    await once(redis, 'ready');
    const shared = new RedisRateLimiter(redis, { budgetMs: 50 });
    limiter = new FallbackRateLimiter(shared, new OwnShare({ gateways: () => 1 }), silent);
  }, 30_000);
  afterEach(async () => {
    limiter.onApplicationShutdown();
    redis.disconnect();
    await server.stop();
  });

  it('answers within its budget while Redis hangs, and when it is gone', async () => {
    expect((await limiter.take(limits)).allowed).toBe(true);

    server.pause();
    const before = performance.now();
    expect((await limiter.take(limits)).allowed).toBe(true);
    expect(performance.now() - before).toBeLessThan(500);

    await server.kill();
    expect(await limiter.take(limits)).toMatchObject({ allowed: true, states: [{ remaining: 7 }] });
  }, 30_000);

  it('has lost and doubled nothing after Redis hung for a while', async () => {
    await limiter.take(limits);
    server.pause();
    for (let i = 0; i < 4; i++) await limiter.take(limits);
    server.resume();
    while (limiter.isAlone) await setTimeout(5);
    expect(await limiter.take(limits)).toMatchObject({ allowed: true, states: [{ remaining: 4 }] });
  }, 30_000);

  it('admits no more than the quota in any window while Redis stops again and again and others spend too', async () => {
    const others = connectRedis(server.url, 'test', silent);
    await once(others, 'ready');
    const gateways = [redis, others].map(
      (each) =>
        new FallbackRateLimiter(
          new RedisRateLimiter(each, { budgetMs: 50 }),
          new OwnShare({ gateways: () => 2 }),
          silent,
          // What is looked at is who waits, not for how long: that would be this machine's doing.
          { patienceMs: 10_000 },
        ),
    );
    const windowMs = 500;
    const asked = [{ key: 'all', policy: { ...policy, algorithm: 'sliding-window', quota: 50, windowMs } as const }];
    const admitted: Interval[] = [];
    const isLate: boolean[] = [];
    const endsAt = performance.now() + 5_000;
    const client = async (gateway: FallbackRateLimiter): Promise<void> => {
      while (performance.now() < endsAt) {
        const sentAt = performance.now();
        const decision = await gateway.take(asked);
        if (decision.allowed) admitted.push({ sentAt, answeredAt: performance.now() });
        if (decision.isLate) isLate.push(true);
        await setTimeout(3);
      }
    };
    const clients = gateways.flatMap((gateway) => Array.from({ length: 16 }, () => client(gateway)));
    while (performance.now() < endsAt) {
      await setTimeout(90);
      server.pause();
      await setTimeout(110);
      server.resume();
    }
    await Promise.all(clients);
    for (const gateway of gateways) gateway.onApplicationShutdown();
    others.disconnect();
    expect(isLate.length).toBeGreaterThan(0);
    expect(mostWithin(windowMs, admitted)).toBeLessThanOrEqual(50);
    expect(admitted.length).toBeGreaterThan(50);
  }, 30_000);

  it('shares again within seconds after Redis is back', async () => {
    await server.kill();
    await limiter.take(limits);
    expect(limiter.isAlone).toBe(true);
    await server.restart();
    const before = performance.now();
    while (limiter.isAlone) await setTimeout(5);
    expect(performance.now() - before).toBeLessThan(5_000);
  }, 30_000);
});

interface Interval {
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** How many were certainly admitted within one window: asked after it began, and answered before it ended. */
function mostWithin(windowMs: number, calls: readonly Interval[]): number {
  let most = 0;
  for (const { sentAt: from } of calls) {
    const inside = calls.filter(({ sentAt, answeredAt }) => sentAt >= from && answeredAt < from + windowMs);
    most = Math.max(most, inside.length);
  }
  return most;
}
