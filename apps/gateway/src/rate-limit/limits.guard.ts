import { ThrottlerGuard, type ThrottlerRequest } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';

import { Refusal } from '@libs/errors';
import type { LimitPolicy } from '@libs/redis';

import { contextOf, type GatewayContext } from '../gateway-context.js';
import type { NamedRateLimit } from '../route/route.model.js';
import { limitKey } from './limit-key.js';
import { addRateLimitFields, retryAfter } from './rate-limit-fields.js';
import type { RateLimiterStorage } from './rate-limiter-storage.js';

/** A throttler whose limits come from the configuration, and which spends from all of a stage's limits or from none. */
export abstract class LimitsGuard extends ThrottlerGuard {
  declare protected readonly storageService: RateLimiterStorage;

  /** What this stage limits, for this request. May refuse. */
  protected abstract limitsFor(context: GatewayContext): readonly NamedRateLimit[];

  protected override async handleRequest({ context: execution }: ThrottlerRequest): Promise<true> {
    const context = contextOf(execution.switchToHttp().getRequest<FastifyRequest>());
    const limits = this.limitsFor(context).flatMap((limit) => {
      const key = limitKey(limit, context);
      return key === undefined ? [] : [{ key, policy: policyOf(limit) }];
    });
    if (limits.length === 0) return true;

    const { allowed, states, retryAfterMs, refusedBy } = await this.storageService.take(limits);
    addRateLimitFields(context.answerHeaders, states);
    if (allowed) return true;
    throw new Refusal('RATE_LIMITED', {
      headers: { 'retry-after': retryAfter(retryAfterMs) },
      internal: `refused by ${refusedBy ?? ''}`,
    });
  }
}

const policyOf = ({ name, algorithm, quota, window, burst }: NamedRateLimit): LimitPolicy => ({
  name,
  algorithm,
  quota,
  windowMs: window,
  burst,
});
