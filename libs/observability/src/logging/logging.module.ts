import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';

import { processLogger } from './process-logger.js';

export interface LoggingOptions {
  readonly service: string;
  readonly level: string;
}

/**
 * Nest's logger, written by pino. The ids of a request come from its context, so pino's own middleware,
 * which makes a child logger for every request, is mounted nowhere.
 */
export class LoggingModule {
  static forRoot(options: LoggingOptions): DynamicModule {
    return LoggerModule.forRoot({ pinoHttp: { logger: processLogger(options), autoLogging: false }, forRoutes: [] });
  }
}
