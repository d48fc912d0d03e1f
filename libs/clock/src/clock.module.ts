import { type DynamicModule, Global, Module } from '@nestjs/common';

import { ComparedClock } from './compared-clock.js';

/** The clock that all parts of one application share. */
@Global()
@Module({})
export class ClockModule {
  static of(clock: ComparedClock): DynamicModule {
    return { module: ClockModule, providers: [{ provide: ComparedClock, useValue: clock }], exports: [ComparedClock] };
  }
}
