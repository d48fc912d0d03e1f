import { type DynamicModule, Module } from '@nestjs/common';

import type { Names } from '@libs/names';

import { RedisConnections } from './redis-connections.js';
import { RedisHealth } from './redis-health.js';

export interface RedisModuleOptions {
  /** `redis://` or `rediss://`; absent: there are no connections, and everything stays in this process. */
  readonly redisUrl?: string | undefined;
  readonly names?: Names | undefined;
}

/** The connections to Redis of this process. What they are good for is in libs of its own: events, rate-limits. */
@Module({})
export class RedisModule {
  static forRoot({ redisUrl, names }: RedisModuleOptions): DynamicModule {
    return {
      module: RedisModule,
      global: true,
      providers: [
        { provide: RedisConnections, useFactory: () => new RedisConnections(redisUrl, names) },
        {
          provide: RedisHealth,
          inject: [RedisConnections],
          useFactory: ({ commands }: RedisConnections) => new RedisHealth(commands),
        },
      ],
      exports: [RedisConnections, RedisHealth],
    };
  }
}
