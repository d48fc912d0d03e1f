import type { LimitAlgorithmName, LimitPolicy, RateLimiter } from './rate-limiter.js';

export interface RateLimiterUnderTest {
  readonly limiter: RateLimiter;
  /** Moves the clock of the limiter forward. */
  advance(ms: number): void;
}

const aPolicy = (algorithm: LimitAlgorithmName, overrides: Partial<LimitPolicy> = {}): LimitPolicy => ({
  name: 'by-user',
  algorithm,
  quota: 3,
  windowMs: 60_000,
  ...overrides,
});

const algorithms = ['token-bucket', 'leaky-bucket', 'fixed-window', 'sliding-window'] as const;

/** What every RateLimiter does, whatever it keeps its numbers in. */
export function itLimitsRates(start: () => RateLimiterUnderTest): void {
  let key: string;
  let runs = 0;
  let limiter: RateLimiter;
  let advance: (ms: number) => void;

  beforeEach(() => {
    ({ limiter, advance } = start());
    key = `user:${++runs}`;
  });

  const take = (policy: LimitPolicy, cost?: number) => limiter.take([{ key, policy, cost }]);
  const spend = async (policy: LimitPolicy, times: number) => {
    const allowed: boolean[] = [];
    for (let i = 0; i < times; i++) allowed.push((await take(policy)).allowed);
    return allowed.filter(Boolean).length;
  };

  describe.each(algorithms)('%s', (algorithm) => {
    const policy = aPolicy(algorithm);

    it('allows the quota and refuses the next', async () => {
      expect(await spend(policy, 3)).toBe(3);
      const refused = await take(policy);
      expect(refused).toMatchObject({ allowed: false, refusedBy: 'by-user', states: [{ remaining: 0 }] });
      expect(refused.retryAfterMs).toBeGreaterThan(0);
    });

    it('counts down what remains', async () => {
      const decision = await take(policy);
      expect(decision).toMatchObject({
        allowed: true,
        retryAfterMs: 0,
        states: [{ name: 'by-user', quota: 3, windowMs: 60_000, remaining: 2 }],
      });
      expect(decision.refusedBy).toBeUndefined();
      expect(decision.states[0]?.resetMs).toBeGreaterThan(0);
      expect(decision.states[0]?.resetMs).toBeLessThanOrEqual(60_000);
    });

    it('keeps the promise of retryAfterMs, to the millisecond', async () => {
      await spend(policy, 3);
      const { retryAfterMs } = await take(policy);
      advance(retryAfterMs - 1);
      expect((await take(policy)).allowed).toBe(false);
      advance(1);
      expect((await take(policy)).allowed).toBe(true);
    });

    it('does not spend by refusing', async () => {
      await spend(policy, 3);
      const first = await take(policy);
      await spend(policy, 50);
      expect((await take(policy)).retryAfterMs).toBe(first.retryAfterMs);
    });

    it('has the whole quota again after two idle windows', async () => {
      await spend(policy, 3);
      advance(120_000);
      expect(await take(policy, 0)).toMatchObject({ states: [{ remaining: 3, resetMs: 0 }] });
      expect(await spend(policy, 10)).toBe(3);
    });

    it('spends several units at once, or none', async () => {
      await take(policy, 2);
      expect(await take(policy, 2)).toMatchObject({ allowed: false, states: [{ remaining: 1 }] });
      expect(await take(policy, 1)).toMatchObject({ allowed: true, states: [{ remaining: 0 }] });
    });

    it('never allows more than there can be', async () => {
      expect(await take(policy, 4)).toMatchObject({ allowed: false, retryAfterMs: 60_000, states: [{ remaining: 3 }] });
    });

    it('looks without spending when the cost is 0', async () => {
      expect(await take(policy, 0)).toMatchObject({ allowed: true, states: [{ remaining: 3, resetMs: 0 }] });
    });

    it('gives each key and each policy its own budget', async () => {
      await spend(policy, 3);
      const another = await limiter.take([{ key: `${key}-other`, policy }]);
      expect(another.allowed).toBe(true);
      expect((await take(aPolicy(algorithm, { name: 'by-hour' }))).allowed).toBe(true);
    });

    it('lets through exactly the quota of many calls at once', async () => {
      const wide = aPolicy(algorithm, { quota: 100 });
      const decisions = await Promise.all(Array.from({ length: 250 }, () => take(wide)));
      expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(100);
    });
  });

  describe.each(['token-bucket', 'leaky-bucket'] as const)('%s', (algorithm) => {
    it('allows no more than the burst at once', async () => {
      const policy = aPolicy(algorithm, { quota: 60, burst: 5 });
      expect(await spend(policy, 10)).toBe(5);
    });

    it('gives back one unit for each interval', async () => {
      const policy = aPolicy(algorithm, { quota: 60, burst: 5 });
      await spend(policy, 5);
      expect((await take(policy, 0)).states).toMatchObject([{ remaining: 0, resetMs: 1_000 }]);
      advance(2_500);
      expect((await take(policy, 0)).states).toMatchObject([{ remaining: 2, resetMs: 500 }]);
      expect(await spend(policy, 5)).toBe(2);
    });
  });

  it('fixed-window: all of the quota is back when the window ends', async () => {
    const policy = aPolicy('fixed-window');
    await spend(policy, 1);
    advance(40_000);
    await spend(policy, 2);
    expect(await take(policy)).toMatchObject({ allowed: false, retryAfterMs: 20_000, states: [{ resetMs: 20_000 }] });
    advance(20_000);
    expect(await spend(policy, 10)).toBe(3);
  });

  it('sliding-window: no window holds more than the quota, wherever it begins', async () => {
    const policy = aPolicy('sliding-window', { quota: 5, windowMs: 1_000 });
    const allowedAt: number[] = [];
    for (let now = 0; now < 4_000; now += 37) {
      if ((await take(policy)).allowed) allowedAt.push(now);
      advance(37);
    }
    const fullest = Math.max(...allowedAt.map((from) => allowedAt.filter((t) => t >= from && t < from + 1_000).length));
    expect(fullest).toBe(5);
    expect(allowedAt.length).toBeGreaterThanOrEqual(18);
  });

  describe('leaky-bucket that delays', () => {
    const policy = aPolicy('leaky-bucket', { quota: 60, burst: 1, maxDelayMs: 2_000 });

    it('lets requests wait for their turn, one interval after the other', async () => {
      const delays: number[] = [];
      for (let i = 0; i < 3; i++) delays.push((await take(policy)).delayMs);
      expect(delays).toEqual([0, 1_000, 2_000]);
    });

    it('refuses what would wait too long, and says when there is room in the queue', async () => {
      expect(await spend(policy, 10)).toBe(3);
      expect(await take(policy)).toMatchObject({ allowed: false, delayMs: 0, retryAfterMs: 1_000 });
      advance(1_000);
      expect(await take(policy)).toMatchObject({ allowed: true, delayMs: 2_000 });
    });
  });

  describe('concurrency', () => {
    const policy = aPolicy('concurrency', { quota: 2 });

    it('lets so many run at once, and the next when one has ended', async () => {
      const first = await take(policy);
      expect(await take(policy)).toMatchObject({ allowed: true, states: [{ remaining: 0, windowMs: undefined }] });
      expect(await take(policy)).toMatchObject({ allowed: false, refusedBy: 'by-user', retryAfterMs: 1_000 });
      first.release?.();
      expect(await take(policy)).toMatchObject({ allowed: true });
      expect(await take(policy)).toMatchObject({ allowed: false });
    });

    it('gives a place back once, however often it is told to', async () => {
      const first = await take(policy);
      await take(policy);
      first.release?.();
      first.release?.();
      expect(await spend(policy, 5)).toBe(1);
    });

    it('takes no place when another limit refuses', async () => {
      const spent = aPolicy('fixed-window', { name: 'spent', quota: 1 });
      await take(spent);
      const decision = await limiter.take([
        { key, policy },
        { key, policy: spent },
      ]);
      expect(decision).toMatchObject({ allowed: false, refusedBy: 'spent' });
      expect(decision.release).toBeUndefined();
      expect(await spend(policy, 5)).toBe(2);
    });

    it('counts a call as one, whatever it costs', async () => {
      await take(policy, 7);
      expect((await take(policy, 7)).allowed).toBe(true);
    });
  });

  it('counts a shadow and says what it would have done, and lets it refuse nothing', async () => {
    const shadow = aPolicy('fixed-window', { name: 'shadow', quota: 1, isShadow: true });
    const real = aPolicy('fixed-window', { name: 'real', quota: 3 });
    const both = [shadow, real].map((policy) => ({ key, policy }));
    expect(await limiter.take(both)).toMatchObject({ allowed: true, shadowedBy: [], states: [{ remaining: 0 }, {}] });
    expect(await limiter.take(both)).toMatchObject({ allowed: true, shadowedBy: ['shadow'], retryAfterMs: 0 });
    expect(await limiter.take(both)).toMatchObject({ allowed: true, states: [{}, { remaining: 0 }] });
    expect(await limiter.take(both)).toMatchObject({ allowed: false, refusedBy: 'real', shadowedBy: ['shadow'] });
  });

  it('goes on with what is spent when the quota changes', async () => {
    for (const algorithm of algorithms) {
      await take(aPolicy(algorithm, { quota: 10, burst: 10 }), 4);
      expect((await take(aPolicy(algorithm, { quota: 20, burst: 10 }), 0)).states).toMatchObject([
        { remaining: algorithm.endsWith('bucket') ? 6 : 16 },
      ]);
    }
  });

  it('spends from all limits or from none', async () => {
    const narrow = aPolicy('fixed-window', { name: 'narrow', quota: 1 });
    const wide = aPolicy('token-bucket', { name: 'wide', quota: 10 });
    const both = [
      { key, policy: narrow },
      { key, policy: wide },
    ];
    expect((await limiter.take(both)).allowed).toBe(true);
    expect(await limiter.take(both)).toMatchObject({ allowed: false, refusedBy: 'narrow' });
    expect((await take(wide, 0)).states).toMatchObject([{ name: 'wide', remaining: 9 }]);
  });

  it('names the policy that makes the caller wait longest', async () => {
    const short = aPolicy('fixed-window', { name: 'short', quota: 1, windowMs: 1_000 });
    const long = aPolicy('fixed-window', { name: 'long', quota: 1, windowMs: 9_000 });
    const all = [short, long].map((policy) => ({ key, policy }));
    await limiter.take(all);
    expect(await limiter.take(all)).toMatchObject({ allowed: false, refusedBy: 'long', retryAfterMs: 9_000 });
  });

  it('allows a call without limits', async () => {
    expect(await limiter.take([])).toEqual({ allowed: true, states: [], retryAfterMs: 0, delayMs: 0, shadowedBy: [] });
  });
}
