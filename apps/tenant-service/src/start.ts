import { readSettings } from '@libs/config';
import {
  AccountServiceService,
  AuditServiceService,
  PlanServiceService,
  TenantConfigServiceService,
  TenantEndingServiceService,
  TenantServiceService,
  UserImportServiceService,
  UserServiceService,
} from '@libs/grpc';
import { type RunningService, startService } from '@libs/service';

import { TenantServiceSettings } from './settings.js';
import { TenantServiceModule } from './tenant-service.module.js';

/** Reads its settings from the environment unless they are given. */
export async function startTenantService(
  settings: TenantServiceSettings = readSettings(TenantServiceSettings),
): Promise<RunningService> {
  return startService({
    name: 'tenant-service',
    module: TenantServiceModule.forRoot(settings),
    settings,
    grpc: {
      services: [
        UserServiceService,
        UserImportServiceService,
        AccountServiceService,
        TenantServiceService,
        TenantConfigServiceService,
        AuditServiceService,
        TenantEndingServiceService,
        PlanServiceService,
      ],
    },
  });
}
