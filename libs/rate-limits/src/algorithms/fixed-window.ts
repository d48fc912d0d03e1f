import type { LimitAlgorithm } from './limit-algorithm.js';

export interface FixedWindow {
  start: number;
  spent: number;
}

/** A window opens with the first request; when it ends, all of the quota is back at once. */
export const fixedWindow: LimitAlgorithm<FixedWindow> = {
  open: (_policy, now) => ({ start: now, spent: 0 }),
  resume: (policy, remaining, resetMs, now) =>
    resetMs === 0
      ? { start: now, spent: 0 }
      : { start: now + resetMs - policy.windowMs, spent: Math.max(0, policy.quota - remaining) },
  settle(policy, window, now) {
    if (now >= window.start + policy.windowMs) window.spent = 0;
    // Before the first request there is no window yet, and one that begins in the future would last too long.
    if (window.spent === 0 || now < window.start) window.start = now;
  },
  waitMs(policy, { start, spent }, now, cost) {
    if (cost > policy.quota) return policy.windowMs;
    return spent + cost <= policy.quota ? 0 : start + policy.windowMs - now;
  },
  spend(_policy, window, _now, cost) {
    window.spent = Math.max(0, window.spent + cost);
  },
  remaining: (policy, { spent }) => Math.max(0, policy.quota - spent),
  resetMs: (policy, { start, spent }, now) => (spent === 0 ? 0 : start + policy.windowMs - now),
  owed: (_policy, { spent }) => spent,
};
