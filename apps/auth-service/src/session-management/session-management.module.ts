import { Module } from '@nestjs/common';

import { AccountsModule } from '../accounts/accounts.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { StepUpModule } from '../step-up/step-up.module.js';
import { MeController } from './me.controller.js';
import { SessionController } from './session.controller.js';

/** What a caller sees and ends of their own sessions. */
@Module({
  imports: [AccountsModule, SessionsModule, StepUpModule],
  controllers: [SessionController, MeController],
})
export class SessionManagementModule {}
