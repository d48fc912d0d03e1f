import { jitteredLifetimeMs, longestLifetimeMs } from './access-token-lifetime.js';

describe('the lifetime of an access token', () => {
  it.each([
    { chance: 0, lifetimeMs: 540_000 },
    { chance: 0.5, lifetimeMs: 600_000 },
    { chance: 1, lifetimeMs: 660_000 },
  ])('is $lifetimeMs of 600000 when chance says $chance', ({ chance, lifetimeMs }) => {
    expect(jitteredLifetimeMs(600_000, chance)).toBe(lifetimeMs);
  });

  it('is never longer than the signing keys are kept for it', () => {
    expect(longestLifetimeMs(600_000)).toBe(660_000);
  });
});
