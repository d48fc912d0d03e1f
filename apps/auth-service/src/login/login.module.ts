import { Module } from '@nestjs/common';

import { AccountsModule } from '../accounts/accounts.module.js';
import { ChallengesModule } from '../challenges/challenges.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { GuessingModule } from '../guessing/guessing.module.js';
import { PasskeysModule } from '../passkeys/passkeys.module.js';
import { SecondFactorsModule } from '../second-factors/second-factors.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { CompleteLoginController } from './complete-login.controller.js';
import { CompleteLoginService } from './complete-login.service.js';
import { LoginChallenge } from './login-challenge.js';
import { LoginRecognition } from './login-recognition.js';
import { LoginController } from './login.controller.js';
import { LoginService } from './login.service.js';
import { PasskeyLoginController } from './passkey-login.controller.js';
import { PasskeyLoginService } from './passkey-login.service.js';

/** The ways to log in: by password, with a second factor, with a passkey alone. */
@Module({
  imports: [
    AccountsModule,
    ChallengesModule,
    CredentialsModule,
    GuessingModule,
    PasskeysModule,
    SecondFactorsModule,
    SecurityEventsModule,
    SessionsModule,
  ],
  controllers: [LoginController, CompleteLoginController, PasskeyLoginController],
  providers: [PasskeyLoginService, LoginChallenge, CompleteLoginService, LoginRecognition, LoginService],
})
export class LoginModule {}
