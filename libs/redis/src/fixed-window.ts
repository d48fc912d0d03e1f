import type { LimitAlgorithm } from './limit-algorithm.js';

export interface FixedWindow {
  readonly start: number;
  readonly spent: number;
}

/** A window opens with the first request; when it ends, all of the quota is back at once. */
export const fixedWindow: LimitAlgorithm<FixedWindow> = {
  settle(policy, kept, now) {
    return kept === undefined || now >= kept.start + policy.windowMs ? { start: now, spent: 0 } : kept;
  },
  waitMs(policy, { start, spent }, now, cost) {
    if (cost > policy.quota) return policy.windowMs;
    return spent + cost <= policy.quota ? 0 : start + policy.windowMs - now;
  },
  spend: (_policy, { start, spent }, _now, cost) => ({ start, spent: spent + cost }),
  remaining: (policy, { spent }) => Math.max(0, policy.quota - spent),
  resetMs: (policy, { start, spent }, now) => (spent === 0 ? 0 : start + policy.windowMs - now),
};
