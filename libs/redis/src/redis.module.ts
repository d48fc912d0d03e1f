import { type DynamicModule, Logger, Module } from '@nestjs/common';

import type { Names } from '@libs/names';

import { EventBus } from './event-bus.js';
import { FallbackRateLimiter } from './fallback-rate-limiter.js';
import { LiveGateways } from './live-gateways.js';
import { MemoryEventBus } from './memory-event-bus.js';
import { MemoryRateLimiter } from './memory-rate-limiter.js';
import { OwnShare } from './own-share.js';
import { RateLimiter } from './rate-limiter.js';
import { RedisConnections } from './redis-connections.js';
import { RedisEventBus } from './redis-event-bus.js';
import { RedisHealth } from './redis-health.js';
import { RedisRateLimiter } from './redis-rate-limiter.js';

export interface RedisModuleOptions {
  /** `redis://` or `rediss://`; absent: everything stays in this process. */
  readonly redisUrl?: string | undefined;
  /** Whether this process shares rate limits with others: it is counted, and has its share when Redis is away. */
  readonly isGateway?: boolean;
  readonly names?: Names | undefined;
}

/** A request never waits longer for Redis. */
const redisBudgetMs = 50;

@Module({})
export class RedisModule {
  static forRoot({ redisUrl, isGateway = false, names }: RedisModuleOptions): DynamicModule {
    return {
      module: RedisModule,
      global: true,
      providers: redisUrl === undefined ? inProcess : inRedis(redisUrl, isGateway, names),
      exports: [EventBus, RateLimiter, LiveGateways, RedisHealth],
    };
  }
}

const inProcess = [
  { provide: EventBus, useFactory: () => new MemoryEventBus() },
  { provide: RateLimiter, useFactory: () => new MemoryRateLimiter() },
  { provide: LiveGateways, useFactory: () => new LiveGateways() },
  { provide: RedisHealth, useFactory: () => new RedisHealth() },
];

const inRedis = (url: string, isGateway: boolean, names: Names | undefined) => [
  { provide: RedisConnections, useFactory: () => new RedisConnections(url, names) },
  {
    provide: EventBus,
    inject: [RedisConnections],
    useFactory: ({ commands, events }: RedisConnections) =>
      new RedisEventBus(commands, events, new Logger(RedisEventBus.name)),
  },
  {
    provide: LiveGateways,
    inject: [RedisConnections],
    useFactory: async ({ commands }: RedisConnections) =>
      isGateway ? await new LiveGateways(commands).join() : new LiveGateways(commands),
  },
  {
    provide: RateLimiter,
    inject: [RedisConnections, LiveGateways],
    useFactory: ({ commands }: RedisConnections, gateways: LiveGateways) =>
      new FallbackRateLimiter(
        new RedisRateLimiter(commands, { budgetMs: redisBudgetMs }),
        new OwnShare({ gateways: () => gateways.count }),
        new Logger(RateLimiter.name),
      ),
  },
  {
    provide: RedisHealth,
    inject: [RedisConnections],
    useFactory: ({ commands }: RedisConnections) => new RedisHealth(commands),
  },
];
