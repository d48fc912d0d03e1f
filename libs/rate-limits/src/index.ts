export { FallbackRateLimiter } from './fallback/fallback-rate-limiter.js';
export {
  type Limit,
  type LimitAlgorithmName,
  type LimitDecision,
  type LimitPolicy,
  type LimitState,
  RateLimiter,
} from './limits/rate-limiter.js';
export { MemoryRateLimiter } from './memory/memory-rate-limiter.js';
export { RateLimitsModule, type RateLimitsOptions } from './rate-limits.module.js';
export { LiveGateways } from './redis/live-gateways.js';
export { RedisRateLimiter } from './redis/redis-rate-limiter.js';
