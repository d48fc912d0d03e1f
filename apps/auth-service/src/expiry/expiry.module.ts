import { Module } from '@nestjs/common';

import { ChallengesModule } from '../challenges/challenges.module.js';
import { MailTokensModule } from '../mail-tokens/mail-tokens.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { ExpiryCleaning } from './expiry-cleaning.js';

/** Takes away what is over. */
@Module({
  imports: [ChallengesModule, MailTokensModule, SecurityEventsModule],
  providers: [ExpiryCleaning],
})
export class ExpiryModule {}
