import { Module } from '@nestjs/common';

import { AccountsModule } from '../accounts/accounts.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { EmailVerificationModule } from '../email-verification/email-verification.module.js';
import { EmailsModule } from '../emails/emails.module.js';
import { PasswordsModule } from '../passwords/passwords.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { InvitationController } from './invitation.controller.js';
import { InvitationAcceptance } from './invitation-acceptance.js';
import { InvitationSending } from './invitation-sending.js';

/** Invited users open their account with the token of an e-mail. */
@Module({
  imports: [
    AccountsModule,
    CredentialsModule,
    EmailVerificationModule,
    EmailsModule,
    PasswordsModule,
    SecurityEventsModule,
  ],
  controllers: [InvitationController],
  providers: [InvitationSending, InvitationAcceptance],
  exports: [InvitationSending],
})
export class InvitationsModule {}
