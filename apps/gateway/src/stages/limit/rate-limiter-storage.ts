import { Injectable } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';

import { type Limit, type LimitDecision, RateLimiter } from '@libs/rate-limits';

import type { LimitEvents } from './limit-events.js';

type ThrottlerRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Lets the throttler count with our limiter: several limits at once, which its own interface cannot say. */
@Injectable()
export class RateLimiterStorage implements ThrottlerStorage {
  constructor(
    private readonly limiter: RateLimiter,
    readonly events: LimitEvents,
  ) {}

  take(limits: readonly Limit[]): Promise<LimitDecision> {
    return this.limiter.take(limits);
  }

  /** One fixed window, as `@Throttle()` on a controller describes it. Times are in ms going in, in seconds coming out. */
  async increment(
    key: string,
    ttl: number,
    limit: number,
    _blockDuration: number,
    name: string,
  ): Promise<ThrottlerRecord> {
    const policy = { name, algorithm: 'fixed-window', quota: limit, windowMs: ttl } as const;
    const { allowed, states, retryAfterMs } = await this.limiter.take([{ key: `throttle:${key}`, policy }]);
    const remaining = states[0]?.remaining ?? 0;
    return {
      totalHits: allowed ? limit - remaining : limit + 1,
      timeToExpire: Math.ceil((states[0]?.resetMs ?? ttl) / 1_000),
      isBlocked: !allowed,
      timeToBlockExpire: Math.ceil(retryAfterMs / 1_000),
    };
  }
}
