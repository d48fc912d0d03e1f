import { type DynamicModule, Module } from '@nestjs/common';

import { AuditModule, auditTables } from '@libs/audit';
import { DeletionLogModule, deletionLogTables, followEndingsOf } from '@libs/deletion-log';
import { EventsModule } from '@libs/events';
import { PersistenceModule } from '@libs/persistence';
import { TenantQuotas } from '@libs/quotas';
import { RedisModule } from '@libs/redis';

import { AfterOwnerEnding } from './deletion/after-owner-ending.js';
import { Instance } from './instances/instance.entity.js';
import { InstancesController } from './instance-api/instances.controller.js';
import { InstancesGrpc } from './instance-api/instances.grpc.js';
import { InstancesRepository } from './instances/instances.repository.js';
import { InstancesService } from './instance-api/instances.service.js';
import { Clock, SystemClock } from './time/clock.js';
import { InstanceDriver } from './lifecycle/instance-driver.js';
import { MoveDriver } from './lifecycle/move-driver.js';
import { MoveRunner } from './lifecycle/move-runner.js';
import { MovesRepository } from './lifecycle/moves.repository.js';
import { Instances1700000001000 } from './database/migrations/1700000001000-instances.js';
import { LivingInstances1700000002000 } from './database/migrations/1700000002000-living-instances.js';
import { WalkedInstances1700000003000 } from './database/migrations/1700000003000-walked-instances.js';
import { GrpcProjectAccess } from './projects/grpc-project-access.js';
import { ProjectAccessReader } from './projects/project-access.js';
import { ReadableProjects } from './instance-api/readable-projects.js';
import type { EcsServiceSettings } from './settings.js';

@Module({})
export class EcsServiceModule {
  static forRoot(settings: EcsServiceSettings, driver: InstanceDriver): DynamicModule {
    return {
      module: EcsServiceModule,
      imports: [
        RedisModule.forRoot({ redisUrl: settings.redisUrl }),
        EventsModule,
        PersistenceModule.forRoot({
          service: 'ecs',
          databaseUrl: settings.databaseUrl,
          dataDir: settings.dataDir,
          entities: [...auditTables.entities, ...deletionLogTables.entities, Instance],
          migrations: [
            ...auditTables.migrations,
            ...deletionLogTables.migrations,
            Instances1700000001000,
            LivingInstances1700000002000,
            WalkedInstances1700000003000,
          ],
          encryptionKey: settings.encryptionKey,
        }),
        AuditModule,
        DeletionLogModule,
      ],
      controllers: [InstancesController, InstancesGrpc],
      providers: [
        InstancesRepository,
        InstancesService,
        ReadableProjects,
        MovesRepository,
        MoveDriver,
        MoveRunner,
        TenantQuotas,
        AfterOwnerEnding,
        followEndingsOf('tenant-service', AfterOwnerEnding),
        followEndingsOf('project-service', AfterOwnerEnding),
        { provide: ProjectAccessReader, useClass: GrpcProjectAccess },
        { provide: Clock, useClass: SystemClock },
        { provide: InstanceDriver, useValue: driver },
      ],
    };
  }
}
