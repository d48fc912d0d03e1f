import { Metrics } from '@libs/observability';
import { LiveGateways, type RateLimiter } from '@libs/rate-limits';

import { LimitEvents } from './limit-events.js';
import { RateLimiterStorage } from './rate-limiter-storage.js';

/** What the guards of a gateway spend from. */
export const aStorage = (limiter: RateLimiter, metrics = new Metrics('gateway')): RateLimiterStorage =>
  new RateLimiterStorage(limiter, new LimitEvents(metrics, limiter, new LiveGateways()));
