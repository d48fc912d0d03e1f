import { type DynamicModule, Global, Module } from '@nestjs/common';

import { ComparedClock } from '@libs/clock';

import { CheckedClock, Clock } from './clock.js';

/** What time it is, for every feature. */
@Global()
@Module({})
export class TimeModule {
  static of(clock: Clock): DynamicModule {
    return {
      module: TimeModule,
      providers: [
        {
          provide: Clock,
          inject: [ComparedClock],
          useFactory: (compared: ComparedClock) => new CheckedClock(clock, compared),
        },
      ],
      exports: [Clock],
    };
  }
}
