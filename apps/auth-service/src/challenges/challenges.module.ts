import { Module } from '@nestjs/common';

import { Database } from '@libs/persistence';

import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';
import { Clock } from '../time/clock.js';
import { Challenges } from './challenges.js';

/** Short-lived questions that are answered once. */
@Module({
  providers: [
    {
      provide: Challenges,
      inject: [AUTH_SETTINGS, Database, Clock],
      useFactory: ({ encryptionKey }: AuthSettings, database: Database, clock: Clock) =>
        new Challenges(encryptionKey, database, clock),
    },
  ],
  exports: [Challenges],
})
export class ChallengesModule {}
