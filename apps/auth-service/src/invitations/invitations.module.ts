import { Module } from '@nestjs/common';

import { AccountsModule } from '../accounts/accounts.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { EmailAddressesModule } from '../email-addresses/email-addresses.module.js';
import { EmailVerificationModule } from '../email-verification/email-verification.module.js';
import { EmailsModule } from '../emails/emails.module.js';
import { MailTokensModule } from '../mail-tokens/mail-tokens.module.js';
import { PasswordsModule } from '../passwords/passwords.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { InvitationController } from './invitation.controller.js';
import { InvitationService } from './invitation.service.js';

/** Invited users open their account with the token of an e-mail. */
@Module({
  imports: [
    AccountsModule,
    CredentialsModule,
    EmailAddressesModule,
    EmailVerificationModule,
    EmailsModule,
    MailTokensModule,
    PasswordsModule,
    SecurityEventsModule,
  ],
  controllers: [InvitationController],
  providers: [InvitationService],
  exports: [InvitationService],
})
export class InvitationsModule {}
