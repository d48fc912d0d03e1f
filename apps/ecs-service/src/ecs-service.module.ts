import { type DynamicModule, Module } from '@nestjs/common';

import { AuditModule } from '@libs/audit';
import { DeletionLogModule } from '@libs/deletion-log';
import { EventsModule } from '@libs/events';
import { PersistenceModule } from '@libs/persistence';
import { RedisModule } from '@libs/redis';

import { ecsDatabase } from './database/ecs-database.js';
import { DeletionModule } from './deletion/deletion.module.js';
import { DriverModule } from './driver/driver.module.js';
import type { InstanceDriver } from './driver/instance-driver.js';
import { InstanceApiModule } from './instance-api/instance-api.module.js';
import type { EcsServiceSettings } from './settings.js';

/** Instances of projects. What a feature needs it imports itself. */
@Module({})
export class EcsServiceModule {
  static forRoot(settings: EcsServiceSettings, driver: InstanceDriver): DynamicModule {
    const { redisUrl, databaseUrl, dataDir, encryptionKey } = settings;
    return {
      module: EcsServiceModule,
      imports: [
        RedisModule.forRoot({ redisUrl }),
        EventsModule,
        PersistenceModule.forRoot({ ...ecsDatabase, databaseUrl, dataDir, encryptionKey }),
        AuditModule,
        DeletionLogModule,
        DriverModule.of(driver),
        InstanceApiModule,
        DeletionModule,
      ],
    };
  }
}
