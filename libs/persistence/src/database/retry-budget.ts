import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryTiming {
  /** Milliseconds of any fixed origin. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<unknown>;
  /** A number from 0 to 1. */
  readonly random: () => number;
}

export const realTiming: RetryTiming = { now: () => performance.now(), wait: sleep, random: Math.random };

const firstPauseMs = 4;
const longestPauseMs = 200;

/** Tells whether something may be tried once more, and waits a little longer each time, with jitter. */
export class RetryBudget {
  private readonly endsAt: number;
  private attempts = 0;

  constructor(
    budgetMs: number,
    private readonly timing: RetryTiming,
  ) {
    this.endsAt = timing.now() + budgetMs;
  }

  /** False, at once, if the budget is spent. */
  async waitForNextTry(): Promise<boolean> {
    const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** this.attempts);
    const pause = longest * (0.5 + this.timing.random() / 2);
    if (this.timing.now() + pause > this.endsAt) return false;
    this.attempts += 1;
    await this.timing.wait(pause);
    return true;
  }
}
