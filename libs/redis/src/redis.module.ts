import { type DynamicModule, Logger, Module } from '@nestjs/common';

import { EventBus } from './event-bus.js';
import { FallbackRateLimiter } from './fallback-rate-limiter.js';
import { MemoryEventBus } from './memory-event-bus.js';
import { MemoryRateLimiter } from './memory-rate-limiter.js';
import { RateLimiter } from './rate-limiter.js';
import { RedisConnections } from './redis-connections.js';
import { RedisEventBus } from './redis-event-bus.js';
import { RedisHealth } from './redis-health.js';
import { RedisRateLimiter } from './redis-rate-limiter.js';

export interface RedisModuleOptions {
  /** `redis://` or `rediss://`; absent: everything stays in this process. */
  readonly redisUrl?: string | undefined;
}

@Module({})
export class RedisModule {
  static forRoot({ redisUrl }: RedisModuleOptions): DynamicModule {
    return {
      module: RedisModule,
      global: true,
      providers: redisUrl === undefined ? inProcess : inRedis(redisUrl),
      exports: [EventBus, RateLimiter, RedisHealth],
    };
  }
}

const inProcess = [
  { provide: EventBus, useFactory: () => new MemoryEventBus() },
  { provide: RateLimiter, useFactory: () => new MemoryRateLimiter() },
  { provide: RedisHealth, useFactory: () => new RedisHealth() },
];

const inRedis = (url: string) => [
  { provide: RedisConnections, useFactory: () => new RedisConnections(url) },
  {
    provide: EventBus,
    inject: [RedisConnections],
    useFactory: ({ commands, events }: RedisConnections) =>
      new RedisEventBus(commands, events, new Logger(RedisEventBus.name)),
  },
  {
    provide: RateLimiter,
    inject: [RedisConnections],
    useFactory: ({ commands }: RedisConnections) =>
      new FallbackRateLimiter(new RedisRateLimiter(commands), new MemoryRateLimiter(), new Logger(RateLimiter.name)),
  },
  {
    provide: RedisHealth,
    inject: [RedisConnections],
    useFactory: ({ commands }: RedisConnections) => new RedisHealth(commands),
  },
];
