import { type LimitAlgorithm, wholeMs } from './limit-algorithm.js';
import type { LimitPolicy } from '../limits/rate-limiter.js';

/** What was spent, slice of time by slice, from the oldest on in which something was. */
export interface SlidingWindow {
  oldest: number;
  readonly spent: number[];
}

/** A window is counted in this many slices, so that a key costs little however much is spent. */
const slicesPerWindow = 32;

const totalOf = ({ spent }: SlidingWindow): number => {
  let total = 0;
  for (const amount of spent) total += amount;
  return total;
};

const leavesAt = (windowMs: number, slice: number): number => ((slice + 1) * windowMs) / slicesPerWindow + windowMs;

const sliceAt = ({ windowMs }: LimitPolicy, time: number): number => Math.floor(time / (windowMs / slicesPerWindow));

/**
 * No window, wherever it begins, holds more than the quota. A slice counts until its last moment has left
 * the window, so the quota comes back up to a thirty-second of the window late, and never early.
 */
export const slidingWindow: LimitAlgorithm<SlidingWindow> = {
  open: () => ({ oldest: 0, spent: [] }),
  /** When exactly the other one spent is not told: evenly, since the oldest slice. */
  resume(policy, remaining, resetMs, now) {
    const used = Math.max(0, policy.quota - remaining);
    if (resetMs === 0 || used === 0) return { oldest: 0, spent: [] };
    const last = sliceAt(policy, now);
    const oldest = Math.min(last, sliceAt(policy, now + resetMs - policy.windowMs));
    const count = last - oldest + 1;
    const spent = Array.from({ length: count }, (_, index) => sliceOf(used, count, index));
    return { oldest, spent };
  },
  settle(policy, window, now) {
    const { spent } = window;
    while (spent.length > 0 && (spent[0] === 0 || leavesAt(policy.windowMs, window.oldest) <= now)) {
      spent.shift();
      window.oldest++;
    }
  },
  waitMs(policy, window, now, cost) {
    if (cost > policy.quota) return policy.windowMs;
    let total = totalOf(window) + cost;
    let wait = 0;
    for (let index = 0; total > policy.quota && index < window.spent.length; index++) {
      const spent = window.spent[index] ?? 0;
      total -= spent;
      if (spent > 0) wait = wholeMs(leavesAt(policy.windowMs, window.oldest + index) - now);
    }
    return wait;
  },
  spend(policy, window, now, cost) {
    const { spent } = window;
    if (spent.length === 0) window.oldest = sliceAt(policy, now);
    // A clock that went back adds to the oldest slice.
    const index = Math.max(0, sliceAt(policy, now) - window.oldest);
    while (spent.length <= index) spent.push(0);
    spent[index] = Math.max(0, (spent[index] ?? 0) + cost);
  },
  remaining: (policy, window) => Math.max(0, policy.quota - totalOf(window)),
  resetMs(policy, { oldest, spent }, now) {
    if (spent.length === 0) return 0;
    // Never more than the window is promised, although the last slice may need a moment longer.
    return Math.min(policy.windowMs, wholeMs(leavesAt(policy.windowMs, oldest) - now));
  },
  owed: (_policy, window) => totalOf(window),
};

const sliceOf = (total: number, count: number, index: number): number =>
  Math.floor((total * (index + 1)) / count) - Math.floor((total * index) / count);
