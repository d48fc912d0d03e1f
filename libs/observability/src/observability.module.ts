import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';

import { AppInfo } from './actuator/app-info.js';
import { Health } from './health/health.js';
import { HealthController } from './health/health.controller.js';
import { LoggingModule, type LoggingOptions } from './logging/logging.module.js';
import { Metrics } from './metrics/metrics.js';
import { ReadinessChecks } from './health/readiness-checks.js';

export type ObservabilityOptions = LoggingOptions;

/** The log, the metrics and the health of one service, for all of its modules; `/health` and `/ready` on its port. */
@Global()
@Module({})
export class ObservabilityModule {
  static forRoot(options: ObservabilityOptions): DynamicModule {
    return {
      module: ObservabilityModule,
      imports: [LoggingModule.forRoot(options), TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: [
        Health,
        ReadinessChecks,
        { provide: Metrics, useFactory: () => new Metrics(options.service) },
        { provide: AppInfo, useFactory: () => new AppInfo(options.service) },
      ],
      exports: [Health, ReadinessChecks, Metrics, AppInfo],
    };
  }
}
