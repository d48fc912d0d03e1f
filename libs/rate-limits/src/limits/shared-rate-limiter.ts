import type { Limit, LimitDecision } from './rate-limiter.js';

/** Something spent already. */
export interface SpentLimit extends Limit {
  /** Of what is given back, with a negative cost: when it was counted, by the clock of the limiter that did. */
  readonly countedAt?: number;
}

/** A limiter that others spend from too, and that may fail. */
export interface SharedRateLimiter {
  /** Rejects when it fails; with `TooLate` when it may still answer. */
  take(limits: readonly Limit[]): Promise<LimitDecision>;
  /** Rejects while it does not answer. */
  probe(): Promise<void>;
  /** Counts what was spent without asking, and gives back what was counted and not spent. */
  settle(limits: readonly SpentLimit[]): Promise<void>;
  /** Counts a call that runs without having been asked for, from the next renewal on. Returns what ends it. */
  hold(limits: readonly Limit[]): () => void;
  renewLeases(): Promise<void>;
  close(): void;
}

export interface LateAnswer {
  readonly decision: LimitDecision;
  readonly countedAt: number;
}

/** There was no answer in time. Perhaps the call was counted all the same: then `answer` tells what was decided. */
export class TooLate extends Error {
  constructor(
    budgetMs: number,
    readonly answer: Promise<LateAnswer>,
  ) {
    super(`no answer within ${budgetMs} ms`);
  }
}
