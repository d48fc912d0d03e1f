import { Module } from '@nestjs/common';

import { followEndingsOf } from '@libs/deletion-log';

import { AccountsModule } from '../accounts/accounts.module.js';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { EmailAddressesModule } from '../email-addresses/email-addresses.module.js';
import { MailTokensModule } from '../mail-tokens/mail-tokens.module.js';
import { RegistrationsModule } from '../registrations/registrations.module.js';
import { SecondFactorsModule } from '../second-factors/second-factors.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { AfterTenantEnding } from './after-tenant-ending.js';
import { ForgetUserService } from './forget-user.service.js';
import { UserDeletedListener } from './user-deleted.listener.js';

/** What goes with a user, a membership or a tenant that is gone. */
@Module({
  imports: [
    AccountsModule,
    ApiKeysModule,
    CredentialsModule,
    EmailAddressesModule,
    MailTokensModule,
    RegistrationsModule,
    SecondFactorsModule,
    SessionsModule,
  ],
  providers: [
    ForgetUserService,
    UserDeletedListener,
    AfterTenantEnding,
    followEndingsOf('tenant-service', AfterTenantEnding),
  ],
  exports: [ForgetUserService],
})
export class DeletionModule {}
