import type { LimitAlgorithm } from './limit-algorithm.js';

/** How many calls of this process run. A process that ends takes its calls along, so nothing has to expire. */
export interface Concurrency {
  running: number;
}

/** When a place is free again nobody knows; trying again after this long is not too often. */
const retryConcurrencyMs = 1_000;

/** Each call takes one place, whatever it costs, and gives it back when it ends. */
export const concurrency: LimitAlgorithm<Concurrency> = {
  open: () => ({ running: 0 }),
  resume: () => ({ running: 0 }),
  settle: () => undefined,
  waitMs: ({ quota }, { running }, _now, cost) => (cost === 0 || running < quota ? 0 : retryConcurrencyMs),
  spend(_policy, calls, _now, cost) {
    if (cost > 0) calls.running++;
  },
  remaining: ({ quota }, { running }) => Math.max(0, quota - running),
  resetMs: (_policy, { running }) => (running === 0 ? 0 : retryConcurrencyMs),
  owed: () => 0,
};
