import { Module } from '@nestjs/common';

import { DeletionModule } from '../deletion/deletion.module.js';
import { EmailVerificationModule } from '../email-verification/email-verification.module.js';
import { FactorEnrolmentModule } from '../factor-enrolment/factor-enrolment.module.js';
import { InvitationsModule } from '../invitations/invitations.module.js';
import { PasswordsModule } from '../passwords/passwords.module.js';
import { StepUpModule } from '../step-up/step-up.module.js';
import { CredentialGrpc } from './credential.grpc.js';

/** What other services may do to the ways into an account, over gRPC. */
@Module({
  imports: [
    DeletionModule,
    EmailVerificationModule,
    FactorEnrolmentModule,
    InvitationsModule,
    PasswordsModule,
    StepUpModule,
  ],
  controllers: [CredentialGrpc],
})
export class CredentialApiModule {}
