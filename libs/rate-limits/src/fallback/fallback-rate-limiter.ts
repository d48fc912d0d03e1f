import type { LoggerService, OnApplicationShutdown } from '@nestjs/common';

import { Budget } from '../limits/budget.js';
import { KnownRefusals } from './known-refusals.js';
import type { OwnShare } from './own-share.js';
import { type Limit, type LimitDecision, RateLimiter } from '../limits/rate-limiter.js';
import { type LateAnswer, type SharedRateLimiter, type SpentLimit, TooLate } from '../limits/shared-rate-limiter.js';
import { UnsharedSpending } from './unshared-spending.js';

export interface FallbackOptions {
  /** While the shared limiter fails, it is tried so often, by nobody's request. */
  readonly retryMs?: number;
  /** A shared limiter that answers nobody in time for so long has failed. */
  readonly patienceMs?: number;
  /** In ms; never goes back. */
  readonly clock?: () => number;
}

/**
 * Asks the limiter that all gateways share, and when that has failed the share of this process. What was spent alone
 * is told to the shared limiter before it is asked again, so that a short absence costs no exactness.
 *
 * An answer that is late is no failure yet: the others may be spending all that is left at this moment. So nothing is
 * let through on suspicion, unless there are no others: who asked waits on, until that patience is at its end.
 */
export class FallbackRateLimiter extends RateLimiter implements OnApplicationShutdown {
  private readonly retryMs: number;
  private readonly patienceMs: number;
  private readonly clock: () => number;
  private readonly unshared = new UnsharedSpending();
  private readonly refusals: KnownRefusals;
  private alone = false;
  private slowSince: number | undefined;
  private isReturning = false;
  private isClosed = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly shared: SharedRateLimiter,
    private readonly own: OwnShare,
    private readonly logger: Pick<LoggerService, 'warn' | 'log'>,
    { retryMs = 250, patienceMs = 450, clock = () => performance.now() }: FallbackOptions = {},
  ) {
    super();
    this.retryMs = retryMs;
    this.patienceMs = patienceMs;
    this.clock = clock;
    this.refusals = new KnownRefusals(clock);
  }

  override get isAlone(): boolean {
    return this.alone;
  }

  async take(limits: readonly Limit[]): Promise<LimitDecision> {
    if (this.alone) return this.takeAlone(limits);
    const known = this.refusals.find(limits);
    if (known !== undefined) return this.own.describe(limits, known.limit, known.waitMs);
    try {
      const decision = await this.shared.take(limits);
      this.slowSince = undefined;
      return this.learn(limits, decision);
    } catch (error) {
      if (error instanceof TooLate) return this.takeForLate(limits, error);
      this.leave(error);
      return this.takeAlone(limits);
    }
  }

  onApplicationShutdown(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.shared.close();
  }

  /** What the shared limiter has decided is remembered for the time when it cannot be asked. */
  private learn(limits: readonly Limit[], decision: LimitDecision): LimitDecision {
    this.own.see(limits, decision);
    this.refusals.learn(limits, decision);
    return decision.release === undefined ? decision : alsoReleasing(decision, this.own.occupy(limits));
  }

  private async takeAlone(limits: readonly Limit[]): Promise<LimitDecision> {
    const decision = await this.decideAlone(limits);
    if (decision.allowed) this.unshared.add(limits);
    return decision;
  }

  private async decideAlone(limits: readonly Limit[]): Promise<LimitDecision> {
    const decision = await this.own.take(limits);
    return decision.release === undefined ? decision : alsoReleasing(decision, this.shared.hold(limits));
  }

  private async takeForLate(limits: readonly Limit[], late: TooLate): Promise<LimitDecision> {
    if (!this.alone) this.slowSince ??= this.clock();
    const mayDecide = this.alone || this.own.isWhole || !limits.some(canRefuse);
    const patienceMs = this.patienceLeftMs();
    if (!mayDecide && patienceMs > 0) {
      const answered = await within(patienceMs, late.answer);
      if (answered !== undefined) return { ...this.learn(limits, answered.decision), isLate: true };
    }
    if (!mayDecide || this.patienceLeftMs() <= 0) this.leave(late);
    const decision = await this.decideAlone(limits);
    void this.reconcile(limits, decision, late.answer);
    return { ...decision, isLate: true };
  }

  private patienceLeftMs(): number {
    return this.slowSince === undefined ? this.patienceMs : this.slowSince + this.patienceMs - this.clock();
  }

  /** The answer that comes too late tells whether the call was counted after all, and that it is time to return. */
  private async reconcile(limits: readonly Limit[], own: LimitDecision, answer: Promise<LateAnswer>): Promise<void> {
    const late = await answer.catch(() => undefined);
    const wasCounted = late?.decision.allowed === true;
    if (own.allowed && !wasCounted) this.unshared.add(limits);
    if (late === undefined) return;
    if (!own.allowed && wasCounted) {
      this.unshared.takeBack(limits, late.countedAt);
      this.refusals.forget(limits);
    }
    this.own.see(limits, late.decision);
    late.decision.release?.();
    if (this.alone) return this.comeBack();
    await this.tellWhatWasSpent().catch((error: unknown) => this.leave(error));
  }

  private leave(reason: unknown): void {
    if (this.alone || this.isClosed) return;
    this.alone = true;
    this.slowSince = undefined;
    this.logger.warn(`rate limits are held by this process alone: ${String(reason)}`);
    this.tryLater();
  }

  private tryLater(): void {
    clearTimeout(this.timer);
    if (!this.isClosed) this.timer = setTimeout(() => void this.comeBack(), this.retryMs).unref();
  }

  private async comeBack(): Promise<void> {
    if (!this.alone || this.isReturning || this.isClosed) return;
    this.isReturning = true;
    try {
      // What a shared limiter that hangs is told would all count, again and again, when it wakes up; and one that is
      // slow still would be left again at once.
      await this.shared.probe();
      await this.tellWhatWasSpent();
      await this.shared.renewLeases();
    } catch {
      this.tryLater();
      return;
    } finally {
      this.isReturning = false;
    }
    clearTimeout(this.timer);
    this.alone = false;
    this.refusals.forgetAll();
    // Requests went on in the meantime. What they spent is told ahead of all that is asked from now on.
    this.tellWhatWasSpent().catch((error: unknown) => this.leave(error));
    this.logger.log('rate limits are shared again');
  }

  /** Afterwards nothing is known here that is not known there: the next absence begins with what is seen until then. */
  private async tellWhatWasSpent(): Promise<void> {
    const spent = this.unshared.takeAll((limit) => this.own.owed(limit));
    if (!this.alone) this.own.forget();
    if (spent.length === 0) return;
    try {
      await this.shared.settle(spent);
    } catch (error) {
      // Perhaps it was heard all the same. To count twice is safe, to give back twice is not.
      this.unshared.add(spent.filter(isSpent));
      throw error;
    }
  }
}

/** Undefined when nothing came in time, or it was no answer. */
function within<T>(waitMs: number, answer: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const budget = new Budget(waitMs, () => resolve(undefined));
    answer
      .catch(() => undefined)
      .then((value) => {
        budget.stop();
        resolve(value);
      });
  });
}

const canRefuse = ({ policy, cost }: Limit): boolean => policy.isShadow !== true && cost !== 0;

const isSpent = ({ cost = 1 }: SpentLimit): boolean => cost > 0;

const alsoReleasing = (decision: LimitDecision, also: () => void): LimitDecision => {
  const { release } = decision;
  return {
    ...decision,
    release: () => {
      release?.();
      also();
    },
  };
};
