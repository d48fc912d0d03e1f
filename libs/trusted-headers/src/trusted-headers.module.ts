import { type DynamicModule, Global, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';

import { RequestContextMiddleware } from './request-context.middleware.js';
import { TrustedHeadersGuard } from './trusted-headers.guard.js';
import { type TrustedHeadersOptions, trustedHeadersOptions } from './trusted-headers.options.js';

/** Closes every handler of the application to calls without a seal, and gives every request its context. */
@Global()
@Module({})
export class TrustedHeadersModule implements NestModule {
  static forRoot(options: TrustedHeadersOptions): DynamicModule {
    return {
      module: TrustedHeadersModule,
      providers: [
        { provide: trustedHeadersOptions, useValue: options },
        TrustedHeadersGuard,
        { provide: APP_GUARD, useExisting: TrustedHeadersGuard },
      ],
      exports: [trustedHeadersOptions, TrustedHeadersGuard],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(RequestContextMiddleware).forRoutes('{*path}');
  }
}
