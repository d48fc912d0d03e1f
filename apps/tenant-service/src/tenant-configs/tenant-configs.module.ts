import { Module } from '@nestjs/common';

import { TenantsModule } from '../tenants/tenants.module.js';
import { ConfigHistory } from './config-history.js';
import { ConfigKeyDefinition } from './config-key.entity.js';
import { ConfigKeysController } from './config-keys.controller.js';
import { ConfigKeysService } from './config-keys.service.js';
import { TenantConfigVersion } from './config-version.entity.js';
import { ConfigVersionsController } from './config-versions.controller.js';
import { ConfigVersionsService } from './config-versions.service.js';
import { SecretSealing } from './secret-sealing.js';
import { TenantConfig } from './tenant-config.entity.js';
import { TenantConfigGrpc } from './tenant-config.grpc.js';
import { TenantConfigsController } from './tenant-configs.controller.js';
import { TenantConfigsService } from './tenant-configs.service.js';

export const tenantConfigsEntities = [TenantConfig, TenantConfigVersion, ConfigKeyDefinition] as const;

/** The settings of tenants, their keys and their history. */
@Module({
  imports: [TenantsModule],
  controllers: [TenantConfigsController, ConfigVersionsController, ConfigKeysController, TenantConfigGrpc],
  providers: [TenantConfigsService, ConfigVersionsService, ConfigKeysService, ConfigHistory, SecretSealing],
})
export class TenantConfigsModule {}
