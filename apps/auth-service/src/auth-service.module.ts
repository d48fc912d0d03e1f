import { type DynamicModule, Module } from '@nestjs/common';

import { AuditModule } from '@libs/audit';
import { DeletionLogModule } from '@libs/deletion-log';
import { EventsModule } from '@libs/events';
import { MailModule } from '@libs/mail';
import { PersistenceModule } from '@libs/persistence';
import { RateLimitsModule } from '@libs/rate-limits';
import { RedisModule } from '@libs/redis';

import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { CredentialApiModule } from './credential-api/credential-api.module.js';
import { authDatabase } from './database/auth-database.js';
import { DeletionModule } from './deletion/deletion.module.js';
import { EmailVerificationModule } from './email-verification/email-verification.module.js';
import { ExpiryModule } from './expiry/expiry.module.js';
import { FactorEnrolmentModule } from './factor-enrolment/factor-enrolment.module.js';
import { InvitationsModule } from './invitations/invitations.module.js';
import { LoginModule } from './login/login.module.js';
import { PasswordsModule } from './passwords/passwords.module.js';
import { RegistrationsModule } from './registrations/registrations.module.js';
import { SecurityEventsModule } from './security-events/security-events.module.js';
import { SessionManagementModule } from './session-management/session-management.module.js';
import type { AuthSettings } from './settings/settings.js';
import { SettingsModule } from './settings/settings.module.js';
import { SigningKeysModule } from './signing-keys/signing-keys.module.js';
import { StepUpModule } from './step-up/step-up.module.js';
import { type Clock, SystemClock } from './time/clock.js';
import { TimeModule } from './time/time.module.js';

/** Who somebody is: accounts are opened, proved and left here. What a feature needs it imports itself. */
@Module({})
export class AuthServiceModule {
  static forRoot(settings: AuthSettings, clock: Clock = new SystemClock()): DynamicModule {
    const { redisUrl, databaseUrl, dataDir, encryptionKey } = settings;
    return {
      module: AuthServiceModule,
      imports: [
        SettingsModule.of(settings),
        TimeModule.of(clock),
        RedisModule.forRoot({ redisUrl }),
        EventsModule,
        RateLimitsModule.forRoot(),
        PersistenceModule.forRoot({ ...authDatabase, databaseUrl, dataDir, encryptionKey }),
        AuditModule,
        DeletionLogModule,
        MailModule.forRoot(settings),
        RegistrationsModule,
        InvitationsModule,
        LoginModule,
        SessionManagementModule,
        StepUpModule,
        FactorEnrolmentModule,
        PasswordsModule,
        EmailVerificationModule,
        ApiKeysModule,
        SecurityEventsModule,
        SigningKeysModule,
        DeletionModule,
        CredentialApiModule,
        ExpiryModule,
      ],
    };
  }
}
