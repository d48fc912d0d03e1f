import { Module } from '@nestjs/common';

import { AccountsModule } from '../accounts/accounts.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { EmailAddressesModule } from '../email-addresses/email-addresses.module.js';
import { EmailsModule } from '../emails/emails.module.js';
import { GuessingModule } from '../guessing/guessing.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { AdminBootstrap } from './admin-bootstrap.js';
import { RegistrationResumption } from './registration-resumption.js';
import { RegistrationSweeper } from './registration-sweeper.js';
import { RegistrationController } from './registration.controller.js';
import { RegistrationService } from './registration.service.js';
import { RegistrationStore } from './registration.store.js';

/** Accounts are opened here and in tenant-service: all of it, or nothing. */
@Module({
  imports: [
    AccountsModule,
    CredentialsModule,
    EmailAddressesModule,
    EmailsModule,
    GuessingModule,
    SecurityEventsModule,
  ],
  controllers: [RegistrationController],
  providers: [RegistrationStore, RegistrationResumption, RegistrationService, RegistrationSweeper, AdminBootstrap],
  exports: [RegistrationStore],
})
export class RegistrationsModule {}
