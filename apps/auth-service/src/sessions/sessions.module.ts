import { Module } from '@nestjs/common';

import { AccountsModule } from '../accounts/accounts.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { GuessingModule } from '../guessing/guessing.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';
import { SigningKeysModule } from '../signing-keys/signing-keys.module.js';
import { RefreshTokenCheck } from './refresh-token-check.js';
import { RefreshTokenMaker } from './refresh-token-maker.js';
import { RefreshTokenStore } from './refresh-token.store.js';
import { RefreshService } from './refresh.service.js';
import { SessionCleaning } from './session-cleaning.js';
import { SessionOpening } from './session-opening.js';
import { SessionGrpc } from './session.grpc.js';
import { SessionStore } from './session.store.js';
import { TokenIssuer } from './token-issuer.js';

/** Sessions, from login to logout, and their tokens. */
@Module({
  imports: [AccountsModule, CredentialsModule, GuessingModule, SecurityEventsModule, SigningKeysModule],
  controllers: [SessionGrpc],
  providers: [
    {
      provide: RefreshTokenMaker,
      inject: [AUTH_SETTINGS],
      useFactory: ({ encryptionKey }: AuthSettings) => new RefreshTokenMaker(encryptionKey),
    },
    SessionOpening,
    SessionStore,
    RefreshTokenStore,
    TokenIssuer,
    RefreshTokenCheck,
    RefreshService,
    SessionCleaning,
  ],
  exports: [SessionOpening, SessionStore, TokenIssuer, RefreshService],
})
export class SessionsModule {}
