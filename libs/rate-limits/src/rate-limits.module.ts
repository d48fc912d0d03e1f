import { type DynamicModule, Logger, Module } from '@nestjs/common';

import { RedisConnections } from '@libs/redis';

import { FallbackRateLimiter } from './fallback/fallback-rate-limiter.js';
import { OwnShare } from './fallback/own-share.js';
import { RateLimiter } from './limits/rate-limiter.js';
import { MemoryRateLimiter } from './memory/memory-rate-limiter.js';
import { LiveGateways } from './redis/live-gateways.js';
import { RedisRateLimiter } from './redis/redis-rate-limiter.js';

export interface RateLimitsOptions {
  /** Whether this process shares rate limits with others: it is counted, and has its share when Redis is away. */
  readonly isGateway?: boolean;
}

/** A request never waits longer for Redis. */
const redisBudgetMs = 50;

/** Counts limits, in Redis where `RedisModule` has it, which is imported first. */
@Module({})
export class RateLimitsModule {
  static forRoot({ isGateway = false }: RateLimitsOptions = {}): DynamicModule {
    return {
      module: RateLimitsModule,
      global: true,
      providers: [
        {
          provide: LiveGateways,
          inject: [RedisConnections],
          useFactory: async ({ commands }: RedisConnections) =>
            isGateway ? await new LiveGateways(commands).join() : new LiveGateways(commands),
        },
        { provide: RateLimiter, inject: [RedisConnections, LiveGateways], useFactory: rateLimiter },
      ],
      exports: [RateLimiter, LiveGateways],
    };
  }
}

const rateLimiter = ({ commands }: RedisConnections, gateways: LiveGateways): RateLimiter =>
  commands === undefined
    ? new MemoryRateLimiter()
    : new FallbackRateLimiter(
        new RedisRateLimiter(commands, { budgetMs: redisBudgetMs }),
        new OwnShare({ gateways: () => gateways.count }),
        new Logger(RateLimiter.name),
      );
