import { Module } from '@nestjs/common';

import { GuessingModule } from '../guessing/guessing.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';
import { StepUpModule } from '../step-up/step-up.module.js';
import { ApiKeyHasher } from './api-key-hasher.js';
import { ApiKeyMaker } from './api-key-maker.js';
import { ApiKeyController } from './api-key.controller.js';
import { ApiKeyGrpc } from './api-key.grpc.js';
import { ApiKeyService } from './api-key.service.js';
import { ApiKeyStore } from './api-key.store.js';

/** Keys of programs: made, changed and revoked by their owner, and told by whom a gateway asks about. */
@Module({
  imports: [GuessingModule, SecurityEventsModule, StepUpModule],
  controllers: [ApiKeyController, ApiKeyGrpc],
  providers: [
    {
      provide: ApiKeyHasher,
      inject: [AUTH_SETTINGS],
      useFactory: ({ encryptionKey }: AuthSettings) => new ApiKeyHasher(encryptionKey),
    },
    {
      provide: ApiKeyMaker,
      inject: [AUTH_SETTINGS],
      useFactory: ({ encryptionKey }: AuthSettings) => new ApiKeyMaker(encryptionKey),
    },
    ApiKeyStore,
    ApiKeyService,
  ],
  exports: [ApiKeyStore],
})
export class ApiKeysModule {}
