import { Module } from '@nestjs/common';

import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';
import { JwkSetController } from './jwk-set.controller.js';
import { KeySeal } from './key-seal.js';
import { SigningKeyRing } from './signing-key-ring.js';
import { SigningKeyRotation } from './signing-key-rotation.js';
import { SigningKeySchedule } from './signing-key-schedule.js';
import { SigningKeyGrpc } from './signing-key.grpc.js';
import { SigningKeyStore } from './signing-key.store.js';

/** The keys that sign tokens, their rotation, and what is published of them. */
@Module({
  imports: [SecurityEventsModule],
  controllers: [JwkSetController, SigningKeyGrpc],
  providers: [
    {
      provide: KeySeal,
      inject: [AUTH_SETTINGS],
      useFactory: ({ encryptionKey }: AuthSettings) => new KeySeal(encryptionKey),
    },
    SigningKeyStore,
    SigningKeyRing,
    SigningKeyRotation,
    SigningKeySchedule,
  ],
  exports: [SigningKeyRing],
})
export class SigningKeysModule {}
