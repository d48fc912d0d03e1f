import { type LimitAlgorithm, wholeMs } from './limit-algorithm.js';

/** What was spent, by the number of the slice of time. */
export type SlidingWindow = ReadonlyMap<number, number>;

/** A window is counted in this many slices, so that a key costs little however much is spent. */
export const slicesPerWindow = 32;

const totalOf = (slices: SlidingWindow): number => [...slices.values()].reduce((sum, spent) => sum + spent, 0);

/**
 * No window, wherever it begins, holds more than the quota. A slice counts until its last moment has left
 * the window, so the quota comes back up to a thirty-second of the window late, and never early.
 */
export const slidingWindow: LimitAlgorithm<SlidingWindow> = {
  settle(policy, kept, now) {
    return new Map([...(kept ?? [])].filter(([slice]) => leavesAt(policy.windowMs, slice) > now));
  },
  waitMs(policy, slices, now, cost) {
    if (cost > policy.quota) return policy.windowMs;
    let total = totalOf(slices) + cost;
    let wait = 0;
    for (const [slice, spent] of [...slices].toSorted(([a], [b]) => a - b)) {
      if (total <= policy.quota) break;
      total -= spent;
      wait = wholeMs(leavesAt(policy.windowMs, slice) - now);
    }
    return wait;
  },
  spend(policy, slices, now, cost) {
    if (cost === 0) return slices;
    const current = Math.floor(now / (policy.windowMs / slicesPerWindow));
    return new Map(slices).set(current, (slices.get(current) ?? 0) + cost);
  },
  remaining: (policy, slices) => Math.max(0, policy.quota - totalOf(slices)),
  resetMs(policy, slices, now) {
    if (slices.size === 0) return 0;
    // Never more than the window is promised, although the last slice may need a moment longer.
    return Math.min(policy.windowMs, wholeMs(leavesAt(policy.windowMs, Math.min(...slices.keys())) - now));
  },
};

const leavesAt = (windowMs: number, slice: number): number => ((slice + 1) * windowMs) / slicesPerWindow + windowMs;
