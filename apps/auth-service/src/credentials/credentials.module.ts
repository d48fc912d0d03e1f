import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';

import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { AUTH_SETTINGS } from '../settings/settings.js';
import { CredentialStore } from './credential.store.js';
import { openPasswordHasher } from './open-password-hasher.js';
import { PasswordChangeGuard } from './password-change.guard.js';
import { PasswordCheck } from './password-check.js';
import { PasswordHasher } from './password-hasher.js';

/** The password of each user, and whether a password is right. Whoever must change theirs does nothing else before. */
@Module({
  imports: [SecurityEventsModule],
  providers: [
    { provide: PasswordHasher, inject: [AUTH_SETTINGS], useFactory: openPasswordHasher },
    CredentialStore,
    PasswordCheck,
    { provide: APP_GUARD, useClass: PasswordChangeGuard },
  ],
  exports: [CredentialStore, PasswordCheck, PasswordHasher],
})
export class CredentialsModule {}
