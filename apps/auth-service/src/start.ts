import { readSettings } from '@libs/config';
import {
  ApiKeyServiceService,
  CredentialServiceService,
  SessionServiceService,
  SigningKeyServiceService,
} from '@libs/grpc';
import { type RunningService, startService } from '@libs/service';

import { AuthServiceModule } from './auth-service.module.js';
import type { Clock } from './time/clock.js';
import { AuthSettings } from './settings/settings.js';

export const startAuthService = (
  settings: AuthSettings = readSettings(AuthSettings),
  clock?: Clock,
): Promise<RunningService> =>
  startService({
    name: 'auth-service',
    module: AuthServiceModule.forRoot(settings, clock),
    settings,
    grpc: {
      services: [SessionServiceService, ApiKeyServiceService, CredentialServiceService, SigningKeyServiceService],
    },
  });
