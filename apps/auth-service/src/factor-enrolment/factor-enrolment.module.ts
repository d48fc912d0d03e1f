import { Module } from '@nestjs/common';

import { AccountsModule } from '../accounts/accounts.module.js';
import { ChallengesModule } from '../challenges/challenges.module.js';
import { EmailsModule } from '../emails/emails.module.js';
import { GuessingModule } from '../guessing/guessing.module.js';
import { PasskeysModule } from '../passkeys/passkeys.module.js';
import { SecondFactorsModule } from '../second-factors/second-factors.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { StepUpModule } from '../step-up/step-up.module.js';
import { LostFactorsController } from './lost-factors.controller.js';
import { LostFactorsService } from './lost-factors.service.js';
import { PasskeyRegistrationService } from './passkey-registration.service.js';
import { PasskeyController } from './passkey.controller.js';
import { RecoveryCodesService } from './recovery-codes.service.js';
import { SecondFactorController } from './second-factor.controller.js';
import { TotpService } from './totp.service.js';

/** Second factors are added and removed, by their owner or by operators for who has lost them. */
@Module({
  imports: [
    AccountsModule,
    ChallengesModule,
    EmailsModule,
    GuessingModule,
    PasskeysModule,
    SecondFactorsModule,
    SecurityEventsModule,
    SessionsModule,
    StepUpModule,
  ],
  controllers: [SecondFactorController, LostFactorsController, PasskeyController],
  providers: [PasskeyRegistrationService, TotpService, RecoveryCodesService, LostFactorsService],
  exports: [LostFactorsService],
})
export class FactorEnrolmentModule {}
