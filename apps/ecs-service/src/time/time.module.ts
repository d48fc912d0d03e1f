import { Module } from '@nestjs/common';

import { Clock, SystemClock } from './clock.js';

/** What time it is. */
@Module({
  providers: [{ provide: Clock, useClass: SystemClock }],
  exports: [Clock],
})
export class TimeModule {}
