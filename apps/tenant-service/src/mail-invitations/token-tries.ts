import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { type LimitPolicy, RateLimiter } from '@libs/rate-limits';

const minute = 60_000;

const policies: readonly LimitPolicy[] = [
  { name: 'secret-invitation-10m', algorithm: 'sliding-window', quota: 20, windowMs: 10 * minute },
  { name: 'secret-invitation-1440m', algorithm: 'sliding-window', quota: 200, windowMs: 1_440 * minute },
];

/**
 * Counts tries at the tokens of letters before one is looked up, in one atomic step: of any number at once, no more are
 * looked at than are allowed. By user, so that nobody gets in the way of others.
 */
@Injectable()
export class TokenTries {
  constructor(private readonly limiter: RateLimiter) {}

  async spend(userId: string): Promise<void> {
    const { allowed, retryAfterMs } = await this.limiter.take(policies.map((policy) => ({ key: userId, policy })));
    if (allowed) return;
    throw new Refusal('RATE_LIMITED', {
      headers: { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) },
      internal: 'too many tries at tokens of letters',
    });
  }
}
