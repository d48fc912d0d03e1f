import { MemoryRateLimiter } from './memory-rate-limiter.js';
import { itLimitsRates } from './rate-limiter.fixture.js';

describe('MemoryRateLimiter', () => {
  itLimitsRates(() => {
    let now = 1_700_000_000_123;
    return { limiter: new MemoryRateLimiter({ clock: () => now }), advance: (ms) => void (now += ms) };
  });

  it('forgets the longest unused key when there are too many', async () => {
    const limiter = new MemoryRateLimiter({ clock: () => 0, maxKeys: 2 });
    const policy = { name: 'once', algorithm: 'fixed-window', quota: 1, windowMs: 1_000 } as const;
    for (const key of ['a', 'b', 'c']) await limiter.take([{ key, policy }]);
    expect((await limiter.take([{ key: 'c', policy }])).allowed).toBe(false);
    expect((await limiter.take([{ key: 'a', policy }])).allowed).toBe(true);
  });
});
