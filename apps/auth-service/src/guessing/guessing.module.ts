import { Module } from '@nestjs/common';

import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { GuessCounter } from './guess-counter.js';

/** How often a secret may be tried. */
@Module({
  imports: [SecurityEventsModule],
  providers: [GuessCounter],
  exports: [GuessCounter],
})
export class GuessingModule {}
