import { Module } from '@nestjs/common';

import { EmailAddressesModule } from '../email-addresses/email-addresses.module.js';
import { MailTokensModule } from '../mail-tokens/mail-tokens.module.js';
import { UserMailer } from './user-mailer.js';

/** What is written to users. */
@Module({
  imports: [EmailAddressesModule, MailTokensModule],
  providers: [UserMailer],
  exports: [UserMailer],
})
export class EmailsModule {}
