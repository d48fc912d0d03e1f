import type { LimitPolicy } from './rate-limiter.js';

/**
 * One way to count, over a state that is kept for each key. limit-script.ts holds the same in Lua, and one
 * suite runs against both: a formula that changes here changes there.
 */
export interface LimitAlgorithm<State> {
  /** The state at `now`, with what time has given back. */
  settle(policy: LimitPolicy, kept: State | undefined, now: number): State;
  /** How long until `cost` can be spent: 0 when it can. More than there ever is waits a window, for ever. */
  waitMs(policy: LimitPolicy, state: State, now: number, cost: number): number;
  spend(policy: LimitPolicy, state: State, now: number, cost: number): State;
  remaining(policy: LimitPolicy, state: State, now: number): number;
  resetMs(policy: LimitPolicy, state: State, now: number): number;
}

/** Sums of fractions miss whole numbers by less than this. */
export const rounding = 1e-6;

export const bucketSize = (policy: LimitPolicy): number => policy.burst ?? policy.quota;

/** How long it takes to earn one. */
export const intervalMs = (policy: LimitPolicy): number => policy.windowMs / policy.quota;

export const wholeMs = (ms: number): number => Math.ceil(ms - rounding);
