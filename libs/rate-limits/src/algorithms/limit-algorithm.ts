import type { LimitPolicy } from '../limits/rate-limiter.js';

/**
 * One way to count, over a state that is kept for each key. limit-script.ts holds the same in Lua, and one
 * suite and one model run against both: a formula that changes here changes there.
 */
export interface LimitAlgorithm<State> {
  open(policy: LimitPolicy, now: number): State;
  /** A state like the one of somebody else, who told what remains and when there will be more. */
  resume(policy: LimitPolicy, remaining: number, resetMs: number, now: number): State;
  /** Brings the state to `now`, with what time has given back. */
  settle(policy: LimitPolicy, state: State, now: number): void;
  /** How long until `cost` can be spent: 0 when it can. More than there ever is waits a window, for ever. */
  waitMs(policy: LimitPolicy, state: State, now: number, cost: number): number;
  /** How long a call that can be spent has to wait for its turn. */
  delayMs?(policy: LimitPolicy, state: State, now: number, cost: number): number;
  spend(policy: LimitPolicy, state: State, now: number, cost: number): void;
  remaining(policy: LimitPolicy, state: State, now: number): number;
  resetMs(policy: LimitPolicy, state: State, now: number): number;
  /** What of the spent is not given back yet. */
  owed(policy: LimitPolicy, state: State, now: number): number;
}

/** Sums of fractions miss whole numbers by less than this. */
export const rounding = 1e-6;

export const bucketSize = (policy: LimitPolicy): number => policy.burst ?? policy.quota;

/** How long it takes to earn one. */
export const intervalMs = (policy: LimitPolicy): number => policy.windowMs / policy.quota;

export const wholeMs = (ms: number): number => Math.ceil(ms - rounding);
