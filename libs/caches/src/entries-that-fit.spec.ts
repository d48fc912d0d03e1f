import { entriesThatFit } from './entries-that-fit.js';

const MiB = 2 ** 20;

describe('entriesThatFit', () => {
  it('is what is wanted where there is room', () => {
    expect(entriesThatFit(100_000, 4096 * MiB)).toBe(100_000);
    expect(entriesThatFit(10, 64 * MiB)).toBe(10);
  });

  it('is less where the heap is small, so that three such caches leave most of it', () => {
    const most = entriesThatFit(100_000, 256 * MiB);
    expect(most).toBeGreaterThan(1_000);
    expect(3 * most * 3 * 1024).toBeLessThan(128 * MiB);
  });
});
