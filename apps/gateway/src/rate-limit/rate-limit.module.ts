import { Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';

import { RateLimiter } from '@libs/redis';

import { RateLimiterStorage } from './rate-limiter-storage.js';

/** The throttler wants numbers where it starts; ours come from the configuration, request by request. */
const perRequest = { name: 'stage', ttl: 1, limit: 1 };

@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [RateLimiter],
      useFactory: (limiter: RateLimiter) => ({ throttlers: [perRequest], storage: new RateLimiterStorage(limiter) }),
    }),
  ],
  exports: [ThrottlerModule],
})
export class RateLimitModule {}
