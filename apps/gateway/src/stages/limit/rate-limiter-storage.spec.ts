import { MemoryRateLimiter } from '@libs/rate-limits';

import { aStorage } from './storage.fixture.js';

describe('RateLimiterStorage', () => {
  it('counts for the throttler as it expects', async () => {
    const storage = aStorage(new MemoryRateLimiter({ clock: () => 0 }));
    const increment = () => storage.increment('key', 10_000, 2, 0, 'default');
    expect(await increment()).toEqual({ totalHits: 1, timeToExpire: 10, isBlocked: false, timeToBlockExpire: 0 });
    expect(await increment()).toMatchObject({ totalHits: 2, isBlocked: false });
    expect(await increment()).toEqual({ totalHits: 3, timeToExpire: 10, isBlocked: true, timeToBlockExpire: 10 });
  });
});
