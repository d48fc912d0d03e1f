import { itAgreesWithTheModel } from '../limits/agrees-with-model.fixture.js';
import { MemoryRateLimiter } from './memory-rate-limiter.js';
import { itLimitsRates } from '../limits/rate-limiter.fixture.js';

describe('MemoryRateLimiter', () => {
  const start = () => {
    let now = 1_700_000_000_123;
    return { limiter: new MemoryRateLimiter({ clock: () => now }), advance: (ms: number) => void (now += ms) };
  };
  itLimitsRates(start);
  itAgreesWithTheModel(start, 300);

  it('forgets the longest unused key when there are too many', async () => {
    const limiter = new MemoryRateLimiter({ clock: () => 0, maxKeys: 2 });
    const policy = { name: 'once', algorithm: 'fixed-window', quota: 1, windowMs: 1_000 } as const;
    for (const key of ['a', 'b', 'c']) await limiter.take([{ key, policy }]);
    expect((await limiter.take([{ key: 'c', policy }])).allowed).toBe(false);
    expect((await limiter.take([{ key: 'a', policy }])).allowed).toBe(true);
  });

  it('refuses what it cannot count where the policy is closed, and says that this is the reason', async () => {
    const limiter = new MemoryRateLimiter({ clock: () => 0, maxKeys: 1 });
    const policy = {
      name: 'logins',
      algorithm: 'fixed-window',
      quota: 2,
      windowMs: 1_000,
      onFailure: 'closed',
    } as const;
    await limiter.take([{ key: 'a', policy }]);
    expect(await limiter.take([{ key: 'b', policy }])).toMatchObject({
      allowed: false,
      isUncounted: true,
      refusedBy: 'logins',
      retryAfterMs: 1_000,
    });
    expect(await limiter.take([{ key: 'a', policy }])).toMatchObject({ allowed: true, states: [{ remaining: 0 }] });
  });
});
