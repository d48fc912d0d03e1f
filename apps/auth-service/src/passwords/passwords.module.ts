import { Module } from '@nestjs/common';

import { AccountsModule } from '../accounts/accounts.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { EmailAddressesModule } from '../email-addresses/email-addresses.module.js';
import { EmailVerificationModule } from '../email-verification/email-verification.module.js';
import { EmailsModule } from '../emails/emails.module.js';
import { GuessingModule } from '../guessing/guessing.module.js';
import { MailTokensModule } from '../mail-tokens/mail-tokens.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { StepUpModule } from '../step-up/step-up.module.js';
import { ChangePasswordService } from './change-password.service.js';
import { ForgottenPasswordController } from './forgotten-password.controller.js';
import { ForgottenPasswordService } from './forgotten-password.service.js';
import { PasswordReplacement } from './password-replacement.js';
import { PasswordController } from './password.controller.js';
import { PasswordService } from './password.service.js';
import { ResetPasswordService } from './reset-password.service.js';
import { VouchedResetController } from './vouched-reset.controller.js';
import { VouchedResetService } from './vouched-reset.service.js';

/** A password is changed, forgotten, reset, set or imported. */
@Module({
  imports: [
    AccountsModule,
    CredentialsModule,
    EmailAddressesModule,
    EmailVerificationModule,
    EmailsModule,
    GuessingModule,
    MailTokensModule,
    SecurityEventsModule,
    SessionsModule,
    StepUpModule,
  ],
  controllers: [PasswordController, ForgottenPasswordController, VouchedResetController],
  providers: [
    PasswordReplacement,
    PasswordService,
    ChangePasswordService,
    ForgottenPasswordService,
    ResetPasswordService,
    VouchedResetService,
  ],
  exports: [PasswordReplacement, PasswordService, VouchedResetService],
})
export class PasswordsModule {}
