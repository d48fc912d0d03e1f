import { type DynamicModule, Module } from '@nestjs/common';

import { AccessLog } from './access-log.js';
import { AccessLogSink, LoggedAccess } from './access-log-sink.js';

@Module({})
export class ObserveModule {
  /** `sink`: where the lines go; standard output unless given. */
  static of(sink: AccessLogSink | undefined, logLevel: string): DynamicModule {
    return {
      module: ObserveModule,
      providers: [{ provide: AccessLogSink, useFactory: () => sink ?? new LoggedAccess(logLevel) }, AccessLog],
      exports: [AccessLog],
    };
  }
}
