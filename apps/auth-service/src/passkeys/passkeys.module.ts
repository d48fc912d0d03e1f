import { Module } from '@nestjs/common';

import { ChallengesModule } from '../challenges/challenges.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { PasskeyCheck } from './passkey-check.js';
import { PasskeyStore } from './passkey.store.js';

/** Passkeys of users, and whether an answer comes from one of them. */
@Module({
  imports: [ChallengesModule, SecurityEventsModule],
  providers: [PasskeyStore, PasskeyCheck],
  exports: [PasskeyStore, PasskeyCheck],
})
export class PasskeysModule {}
