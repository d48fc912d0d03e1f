import { Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';

import { Metrics } from '@libs/observability';
import { LiveGateways, RateLimiter } from '@libs/rate-limits';

import { AddressGuard } from './address.guard.js';
import { LimitEvents } from './limit-events.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RateLimiterStorage } from './rate-limiter-storage.js';

/** The throttler wants numbers where it starts; ours come from the configuration, request by request. */
const perRequest = { name: 'stage', ttl: 1, limit: 1 };

@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [RateLimiter, LiveGateways, Metrics],
      useFactory: (limiter: RateLimiter, gateways: LiveGateways, metrics: Metrics) => ({
        throttlers: [perRequest],
        storage: new RateLimiterStorage(limiter, new LimitEvents(metrics, limiter, gateways)),
      }),
    }),
  ],
  providers: [AddressGuard, RateLimitGuard],
  exports: [AddressGuard, RateLimitGuard],
})
export class RateLimitModule {}
