import type { LoggerService, OnApplicationShutdown } from '@nestjs/common';

import type { OwnShare } from './own-share.js';
import { type Limit, type LimitDecision, RateLimiter } from './rate-limiter.js';
import { type SharedRateLimiter, TooLate } from './shared-rate-limiter.js';
import { UnsharedSpending } from './unshared-spending.js';

export interface FallbackOptions {
  /** While the shared limiter fails, it is tried so often, by nobody's request. */
  readonly retryMs?: number;
}

/**
 * Asks the limiter that all gateways share, and while that fails or is slow the share of this process. What was spent
 * alone is told to the shared limiter before it is asked again, so that a short absence costs no exactness.
 */
export class FallbackRateLimiter extends RateLimiter implements OnApplicationShutdown {
  private readonly retryMs: number;
  private readonly unshared = new UnsharedSpending();
  private alone = false;
  private isReturning = false;
  private isClosed = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly shared: SharedRateLimiter,
    private readonly own: OwnShare,
    private readonly logger: Pick<LoggerService, 'warn' | 'log'>,
    { retryMs = 250 }: FallbackOptions = {},
  ) {
    super();
    this.retryMs = retryMs;
  }

  override get isAlone(): boolean {
    return this.alone;
  }

  async take(limits: readonly Limit[]): Promise<LimitDecision> {
    if (this.alone) return this.takeAlone(limits);
    try {
      const decision = await this.shared.take(limits);
      this.own.see(limits, decision);
      return decision.release === undefined ? decision : alsoReleasing(decision, this.own.occupy(limits));
    } catch (error) {
      this.leave(error);
      const decision = await this.takeAlone(limits);
      if (error instanceof TooLate) void this.awaitLate(limits, error.answer);
      return decision;
    }
  }

  onApplicationShutdown(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.shared.close();
  }

  private async takeAlone(limits: readonly Limit[]): Promise<LimitDecision> {
    const decision = await this.own.take(limits);
    if (!decision.allowed) return decision;
    this.unshared.add(limits, 1);
    return decision.release === undefined ? decision : alsoReleasing(decision, this.shared.hold(limits));
  }

  /** The answer that comes too late tells what was counted twice, and that it is time to return. */
  private async awaitLate(limits: readonly Limit[], answer: Promise<LimitDecision>): Promise<void> {
    const late = await answer.catch(() => undefined);
    if (late === undefined) return;
    if (late.allowed) this.unshared.add(limits, -1);
    late.release?.();
    await this.comeBack();
  }

  private leave(reason: unknown): void {
    if (this.alone || this.isClosed) return;
    this.alone = true;
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
      // What a shared limiter that hangs is told would all count, again and again, when it wakes up.
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
    // Requests went on in the meantime. What they spent is told ahead of all that is asked from now on.
    this.tellWhatWasSpent().catch((error: unknown) => this.leave(error));
    this.own.forget();
    this.logger.log('rate limits are shared again');
  }

  private async tellWhatWasSpent(): Promise<void> {
    if (this.unshared.isEmpty) return;
    const spent = this.unshared.takeAll((limit) => this.own.owed(limit));
    try {
      await this.shared.settle(spent);
    } catch (error) {
      this.unshared.add(spent, 1);
      throw error;
    }
  }
}

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
