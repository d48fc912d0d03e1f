import { availableParallelism } from 'node:os';

import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';

import { AuditModule, auditTables } from '@libs/audit';
import { ComparedClock } from '@libs/clock';
import { DeletionLogModule, deletionLogTables, followEndingsOf } from '@libs/deletion-log';
import { EventsModule } from '@libs/events';
import { mailEntities, MailModule, MailTables1700000000500 } from '@libs/mail';
import { Database, PersistenceModule } from '@libs/persistence';
import { RateLimitsModule } from '@libs/rate-limits';
import { RedisModule } from '@libs/redis';

import { AccountDirectory } from './accounts/account-directory.js';
import { GrpcAccountDirectory } from './accounts/grpc-account-directory.js';
import { ApiKeyHasher } from './api-keys/api-key-hasher.js';
import { ApiKeyMaker } from './api-keys/api-key-maker.js';
import { ApiKeyController } from './api-keys/api-key.controller.js';
import { ApiKey } from './api-keys/api-key.entity.js';
import { ApiKeyGrpc } from './api-keys/api-key.grpc.js';
import { ApiKeyService } from './api-keys/api-key.service.js';
import { ApiKeyStore } from './api-keys/api-key.store.js';
import { Challenges } from './challenges/challenges.js';
import { ExpiryCleaning } from './expiry/expiry-cleaning.js';
import { UsedChallenge } from './challenges/used-challenge.entity.js';
import { CheckedClock, Clock, SystemClock } from './time/clock.js';
import { BreachedPasswords } from './credentials/breached-passwords.js';
import { ChangePasswordService } from './passwords/change-password.service.js';
import { Credential } from './credentials/credential.entity.js';
import { CredentialGrpc } from './credential-api/credential.grpc.js';
import { CredentialStore } from './credentials/credential.store.js';
import { ForgetUserService } from './deletion/forget-user.service.js';
import { ForgottenPasswordController } from './passwords/forgotten-password.controller.js';
import { ForgottenPasswordService } from './passwords/forgotten-password.service.js';
import { HashingThreads } from './credentials/hashing-threads.js';
import { PasswordChangeGuard } from './credentials/password-change.guard.js';
import { PasswordCheck } from './credentials/password-check.js';
import { PasswordHasher } from './credentials/password-hasher.js';
import { PasswordReplacement } from './passwords/password-replacement.js';
import { PasswordController } from './passwords/password.controller.js';
import { PasswordService } from './passwords/password.service.js';
import { ResetPasswordService } from './passwords/reset-password.service.js';
import { UserDeletedListener } from './deletion/user-deleted.listener.js';
import { EmailAddressController } from './email-verification/email-address.controller.js';
import { EmailAnnouncing } from './email-verification/email-announcing.js';
import { EnteredAddresses } from './email-addresses/entered-addresses.js';
import { EmailProofs } from './email-verification/email-proofs.js';
import { PendingEmail } from './email-addresses/pending-email.entity.js';
import { PendingEmailStore } from './email-addresses/pending-email.store.js';
import { AddressBook } from './email-addresses/address-book.js';
import { SecurityEvents1700000007000 } from './database/migrations/security-events.js';
import { SecurityEventController } from './security-events/security-event.controller.js';
import { SecurityEventRecord } from './security-events/security-event.entity.js';
import { SecurityEventStore } from './security-events/security-event.store.js';
import { EmailProofs1700000006000 } from './database/migrations/email-proofs.js';
import { EmailAddressService } from './email-verification/email-address.service.js';
import { VerifiedEmail } from './email-addresses/verified-email.entity.js';
import { VerifiedEmailStore } from './email-addresses/verified-email.store.js';
import { AfterTenantEnding } from './deletion/after-tenant-ending.js';
import { GuessCounter } from './guessing/guess-counter.js';
import { InvitationController } from './invitations/invitation.controller.js';
import { InvitationService } from './invitations/invitation.service.js';
import { UserMailer } from './emails/user-mailer.js';
import { MailTokenCheck } from './mail-tokens/mail-token-check.js';
import { MailToken } from './mail-tokens/mail-token.entity.js';
import { MailTokenStore } from './mail-tokens/mail-token.store.js';
import { ApiKeyLife1700000005000 } from './database/migrations/api-key-life.js';
import { AuthTables1700000001000 } from './database/migrations/auth-tables.js';
import { InitialPasswords1700000009000 } from './database/migrations/initial-passwords.js';
import { LivingApiKeys1700000008000 } from './database/migrations/living-api-keys.js';
import { MailTokenTables1700000003000 } from './database/migrations/mail-token-tables.js';
import { RefreshTokenSuccessors1700000002000 } from './database/migrations/refresh-token-successors.js';
import { SecondFactorTables1700000004000 } from './database/migrations/second-factor-tables.js';
import { WalkedSecurityEvents1700000010000 } from './database/migrations/walked-security-events.js';
import { SessionAuthentication1700000004100 } from './database/migrations/session-authentication.js';
import { PasskeyCheck } from './passkeys/passkey-check.js';
import { PasskeyLoginController } from './login/passkey-login.controller.js';
import { PasskeyLoginService } from './login/passkey-login.service.js';
import { PasskeyRegistrationService } from './factor-enrolment/passkey-registration.service.js';
import { PasskeyController } from './factor-enrolment/passkey.controller.js';
import { Passkey } from './passkeys/passkey.entity.js';
import { PasskeyStore } from './passkeys/passkey.store.js';
import { AdminBootstrap } from './registrations/admin-bootstrap.js';
import { RegistrationSweeper } from './registrations/registration-sweeper.js';
import { RegistrationController } from './registrations/registration.controller.js';
import { Registration } from './registrations/registration.entity.js';
import { RegistrationService } from './registrations/registration.service.js';
import { RegistrationStore } from './registrations/registration.store.js';
import { CompleteLoginController } from './login/complete-login.controller.js';
import { CompleteLoginService } from './login/complete-login.service.js';
import { FactorCheck } from './second-factors/factor-check.js';
import { LoginChallenge } from './login/login-challenge.js';
import { VouchedResetController } from './passwords/vouched-reset.controller.js';
import { VouchedResetService } from './passwords/vouched-reset.service.js';
import { LostFactorsController } from './factor-enrolment/lost-factors.controller.js';
import { LostFactorsService } from './factor-enrolment/lost-factors.service.js';
import { RecoveryCode } from './second-factors/recovery-code.entity.js';
import { RecoveryCodeStore } from './second-factors/recovery-code.store.js';
import { RecoveryCodesService } from './factor-enrolment/recovery-codes.service.js';
import { SecondFactorController } from './factor-enrolment/second-factor.controller.js';
import { SecondFactors } from './second-factors/second-factors.js';
import { TotpFactor } from './second-factors/totp-factor.entity.js';
import { TotpService } from './factor-enrolment/totp.service.js';
import { TotpStore } from './second-factors/totp.store.js';
import { SecurityLog } from './security-events/security-log.js';
import { LoginController } from './login/login.controller.js';
import { LoginRecognition } from './login/login-recognition.js';
import { LoginService } from './login/login.service.js';
import { MeController } from './session-management/me.controller.js';
import { RefreshToken } from './sessions/refresh-token.entity.js';
import { RefreshTokenMaker } from './sessions/refresh-token-maker.js';
import { RefreshTokenStore } from './sessions/refresh-token.store.js';
import { RefreshService } from './sessions/refresh.service.js';
import { SessionCleaning } from './sessions/session-cleaning.js';
import { SessionOpening } from './sessions/session-opening.js';
import { SessionController } from './session-management/session.controller.js';
import { Session } from './sessions/session.entity.js';
import { SessionGrpc } from './sessions/session.grpc.js';
import { SessionStore } from './sessions/session.store.js';
import { TokenIssuer } from './sessions/token-issuer.js';
import { AUTH_SETTINGS, type AuthSettings } from './settings/settings.js';
import { JwkSetController } from './signing-keys/jwk-set.controller.js';
import { KeySeal } from './signing-keys/key-seal.js';
import { SigningKeyRing } from './signing-keys/signing-key-ring.js';
import { SigningKeyRotation } from './signing-keys/signing-key-rotation.js';
import { SigningKeySchedule } from './signing-keys/signing-key-schedule.js';
import { SigningKey } from './signing-keys/signing-key.entity.js';
import { SigningKeyGrpc } from './signing-keys/signing-key.grpc.js';
import { SigningKeyStore } from './signing-keys/signing-key.store.js';
import { StepUp } from './step-up/step-up.js';
import { StepUpController } from './step-up/step-up.controller.js';
import { StepUpService } from './step-up/step-up.service.js';

@Module({})
export class AuthServiceModule {
  static forRoot(settings: AuthSettings, clock: Clock = new SystemClock()): DynamicModule {
    const { encryptionKey } = settings;
    return {
      module: AuthServiceModule,
      imports: [
        RedisModule.forRoot({ redisUrl: settings.redisUrl }),
        EventsModule,
        RateLimitsModule.forRoot(),
        PersistenceModule.forRoot({
          service: 'auth',
          databaseUrl: settings.databaseUrl,
          dataDir: settings.dataDir,
          entities: [
            ...auditTables.entities,
            ...deletionLogTables.entities,
            ...mailEntities,
            Credential,
            Session,
            RefreshToken,
            SigningKey,
            ApiKey,
            Registration,
            MailToken,
            VerifiedEmail,
            PendingEmail,
            SecurityEventRecord,
            UsedChallenge,
            TotpFactor,
            RecoveryCode,
            Passkey,
          ],
          migrations: [
            ...auditTables.migrations,
            ...deletionLogTables.migrations,
            WalkedSecurityEvents1700000010000,
            MailTables1700000000500,
            AuthTables1700000001000,
            RefreshTokenSuccessors1700000002000,
            MailTokenTables1700000003000,
            SecondFactorTables1700000004000,
            SessionAuthentication1700000004100,
            ApiKeyLife1700000005000,
            EmailProofs1700000006000,
            SecurityEvents1700000007000,
            LivingApiKeys1700000008000,
            InitialPasswords1700000009000,
          ],
          encryptionKey,
        }),
        AuditModule,
        DeletionLogModule,
        MailModule.forRoot(settings),
      ],
      controllers: [
        RegistrationController,
        LoginController,
        SessionController,
        MeController,
        PasswordController,
        ForgottenPasswordController,
        EmailAddressController,
        InvitationController,
        CompleteLoginController,
        SecondFactorController,
        LostFactorsController,
        VouchedResetController,
        PasskeyController,
        PasskeyLoginController,
        StepUpController,
        ApiKeyController,
        JwkSetController,
        SecurityEventController,
        SessionGrpc,
        ApiKeyGrpc,
        CredentialGrpc,
        SigningKeyGrpc,
      ],
      providers: [
        { provide: AUTH_SETTINGS, useValue: settings },
        { provide: APP_GUARD, useClass: PasswordChangeGuard },
        {
          provide: Clock,
          useFactory: (compared: ComparedClock) => new CheckedClock(clock, compared),
          inject: [ComparedClock],
        },
        { provide: AccountDirectory, useClass: GrpcAccountDirectory },
        { provide: KeySeal, useValue: new KeySeal(encryptionKey) },
        { provide: ApiKeyHasher, useValue: new ApiKeyHasher(encryptionKey) },
        { provide: ApiKeyMaker, useValue: new ApiKeyMaker(encryptionKey) },
        { provide: RefreshTokenMaker, useValue: new RefreshTokenMaker(encryptionKey) },
        { provide: PasswordHasher, useFactory: () => hasherOf(settings) },
        SecurityLog,
        SecurityEventStore,
        GuessCounter,
        CredentialStore,
        PasswordCheck,
        PasswordReplacement,
        PasswordService,
        ChangePasswordService,
        ForgottenPasswordService,
        ResetPasswordService,
        MailTokenStore,
        MailTokenCheck,
        UserMailer,
        VerifiedEmailStore,
        PendingEmailStore,
        AddressBook,
        EmailProofs,
        EnteredAddresses,
        EmailAnnouncing,
        EmailAddressService,
        InvitationService,
        {
          provide: Challenges,
          useFactory: (database: Database, checked: Clock) => new Challenges(encryptionKey, database, checked),
          inject: [Database, Clock],
        },
        ExpiryCleaning,
        TotpStore,
        RecoveryCodeStore,
        PasskeyStore,
        SecondFactors,
        PasskeyCheck,
        PasskeyRegistrationService,
        PasskeyLoginService,
        FactorCheck,
        LoginChallenge,
        CompleteLoginService,
        TotpService,
        RecoveryCodesService,
        LostFactorsService,
        VouchedResetService,
        SessionOpening,
        StepUp,
        StepUpService,
        ForgetUserService,
        UserDeletedListener,
        AfterTenantEnding,
        followEndingsOf('tenant-service', AfterTenantEnding),
        RegistrationStore,
        RegistrationService,
        RegistrationSweeper,
        AdminBootstrap,
        SessionStore,
        RefreshTokenStore,
        TokenIssuer,
        LoginRecognition,
        LoginService,
        RefreshService,
        SessionCleaning,
        SigningKeyStore,
        SigningKeyRing,
        SigningKeyRotation,
        SigningKeySchedule,
        ApiKeyStore,
        ApiKeyService,
      ],
    };
  }
}

async function hasherOf(settings: AuthSettings): Promise<PasswordHasher> {
  const { passwordConcurrency = sparedProcessors(), passwordMemoryKib, passwordPasses } = settings;
  const { passwordQueue = passwordConcurrency * queuedForEach } = settings;
  const { breachedPasswordsFile: file } = settings;
  const breached = file === undefined ? undefined : await BreachedPasswords.open(file);
  const threads = new HashingThreads(passwordConcurrency, passwordQueue);
  return new PasswordHasher(threads, { memoryKib: passwordMemoryKib, passes: passwordPasses }, breached);
}

/** Whoever waits holds a place in the gateway too, which everybody else would miss. */
const queuedForEach = 24;

/** A flood of logins must leave a processor to everything else. */
const sparedProcessors = (): number => Math.max(1, Math.min(3, availableParallelism() - 1));
