import { Module } from '@nestjs/common';

import { AccountsModule } from '../accounts/accounts.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { GuessingModule } from '../guessing/guessing.module.js';
import { SecondFactorsModule } from '../second-factors/second-factors.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { StepUpController } from './step-up.controller.js';
import { StepUp } from './step-up.js';
import { StepUpProofCheck } from './step-up-proof-check.js';
import { StepUpService } from './step-up.service.js';

/** A recent proof of who has a session, before what could take an account over. */
@Module({
  imports: [
    AccountsModule,
    CredentialsModule,
    GuessingModule,
    SecondFactorsModule,
    SecurityEventsModule,
    SessionsModule,
  ],
  controllers: [StepUpController],
  providers: [StepUp, StepUpProofCheck, StepUpService],
  exports: [StepUp],
})
export class StepUpModule {}
