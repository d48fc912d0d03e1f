import type { LoggerService } from '@nestjs/common';

import { type Limit, type LimitDecision, RateLimiter } from './rate-limiter.js';

export interface FallbackOptions {
  /** How long a request waits for the shared limiter. */
  readonly budgetMs?: number;
  /** After a failure the shared limiter is left alone for so long: not every request has to wait for it. */
  readonly pauseMs?: number;
  readonly clock?: () => number;
}

/**
 * Asks the limiter that all gateways share, and the one of this process when that fails or is slow. Limits
 * are then held by each gateway for itself: looser than they should be, which is better than none, and
 * better than turning everybody away.
 */
export class FallbackRateLimiter extends RateLimiter {
  private readonly budgetMs: number;
  private readonly pauseMs: number;
  private readonly clock: () => number;
  private pausedUntil = 0;
  private failing = false;

  constructor(
    private readonly shared: RateLimiter,
    private readonly own: RateLimiter,
    private readonly logger: Pick<LoggerService, 'warn' | 'log'>,
    options: FallbackOptions = {},
  ) {
    super();
    this.budgetMs = options.budgetMs ?? 50;
    this.pauseMs = options.pauseMs ?? 1_000;
    this.clock = options.clock ?? (() => performance.now());
  }

  async take(limits: readonly Limit[]): Promise<LimitDecision> {
    if (this.clock() < this.pausedUntil) return this.own.take(limits);
    try {
      const decision = await withinBudget(this.shared.take(limits), this.budgetMs);
      if (this.failing) this.logger.log('rate limits are shared again');
      this.failing = false;
      return decision;
    } catch (error) {
      this.pausedUntil = this.clock() + this.pauseMs;
      if (!this.failing) this.logger.warn(`rate limits are held by this process alone: ${String(error)}`);
      this.failing = true;
      return this.own.take(limits);
    }
  }
}

function withinBudget<T>(answer: Promise<T>, budgetMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const tooLate = () => reject(new Error(`no answer within ${budgetMs} ms`));
    // After a busy moment of this process the answer may be waiting to be read: it gets one more turn.
    const timer = setTimeout(() => setImmediate(tooLate), budgetMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
