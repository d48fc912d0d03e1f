export { type CacheCount, cacheCounts } from './cache-counts.js';
export {
  type BusEvent,
  EventBus,
  type GatehouseEvent,
  type GatehouseEvents,
  type GatehouseTopic,
} from './event-bus.js';
export { FallbackRateLimiter } from './fallback-rate-limiter.js';
export { FreshCache, type FreshCacheOptions } from './fresh-cache.js';
export { LiveGateways } from './live-gateways.js';
export { MemoryEventBus } from './memory-event-bus.js';
export { MemoryRateLimiter } from './memory-rate-limiter.js';
export {
  type Limit,
  type LimitAlgorithmName,
  type LimitDecision,
  type LimitPolicy,
  type LimitState,
  RateLimiter,
} from './rate-limiter.js';
export { RedisEventBus } from './redis-event-bus.js';
export { RedisHealth } from './redis-health.js';
export { RedisRateLimiter } from './redis-rate-limiter.js';
export { RedisModule } from './redis.module.js';
export { redisConnections } from './redis-connection.js';
