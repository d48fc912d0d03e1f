import { Module } from '@nestjs/common';

import { AccountsModule } from '../accounts/accounts.module.js';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { EmailAddressesModule } from '../email-addresses/email-addresses.module.js';
import { EmailsModule } from '../emails/emails.module.js';
import { MailTokensModule } from '../mail-tokens/mail-tokens.module.js';
import { SecondFactorsModule } from '../second-factors/second-factors.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { StepUpModule } from '../step-up/step-up.module.js';
import { EmailAddressController } from './email-address.controller.js';
import { EmailAnnouncer } from './email-announcer.js';
import { EmailChangeService } from './email-change.service.js';
import { EmailState } from './email-state.js';
import { EmailVerificationService } from './email-verification.service.js';
import { FirstProof } from './first-proof.js';
import { InvitationProofService } from './invitation-proof.service.js';
import { TokenProofs } from './token-proofs.js';
import { EmailAddressService } from './email-address.service.js';
import { EmailAnnouncing } from './email-announcing.js';
import { EmailProofs } from './email-proofs.js';

/** Proof that a user reads what is sent to an address, and what follows from it. */
@Module({
  imports: [
    AccountsModule,
    ApiKeysModule,
    EmailAddressesModule,
    EmailsModule,
    MailTokensModule,
    SecondFactorsModule,
    SecurityEventsModule,
    SessionsModule,
    StepUpModule,
  ],
  controllers: [EmailAddressController],
  providers: [
    EmailState,
    EmailAddressService,
    EmailChangeService,
    EmailVerificationService,
    InvitationProofService,
    TokenProofs,
    EmailProofs,
    FirstProof,
    EmailAnnouncer,
    EmailAnnouncing,
  ],
  exports: [TokenProofs, EmailChangeService, InvitationProofService],
})
export class EmailVerificationModule {}
