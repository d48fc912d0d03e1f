import type { Limit, LimitDecision } from './rate-limiter.js';

/** A limiter that others spend from too, and that may fail. */
export interface SharedRateLimiter {
  /** Rejects when it fails; with `TooLate` when it may still answer. */
  take(limits: readonly Limit[]): Promise<LimitDecision>;
  /** Rejects while it does not answer. */
  probe(): Promise<void>;
  /** Counts what was spent without asking. */
  settle(limits: readonly Limit[]): Promise<void>;
  /** Counts a call that runs without having been asked for, from the next renewal on. Returns what ends it. */
  hold(limits: readonly Limit[]): () => void;
  renewLeases(): Promise<void>;
  close(): void;
}

/** There was no answer in time. Perhaps the call was counted all the same: then `answer` tells what was decided. */
export class TooLate extends Error {
  constructor(
    budgetMs: number,
    readonly answer: Promise<LimitDecision>,
  ) {
    super(`no answer within ${budgetMs} ms`);
  }
}
