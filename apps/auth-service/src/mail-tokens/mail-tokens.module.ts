import { Module } from '@nestjs/common';

import { GuessingModule } from '../guessing/guessing.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { MailTokenCheck } from './mail-token-check.js';
import { MailTokenStore } from './mail-token.store.js';

/** Tokens that are sent by e-mail, and what each is good for. */
@Module({
  imports: [GuessingModule, SecurityEventsModule],
  providers: [MailTokenStore, MailTokenCheck],
  exports: [MailTokenStore, MailTokenCheck],
})
export class MailTokensModule {}
