import { type DynamicModule, Module } from '@nestjs/common';

import { AuditModule } from '@libs/audit';
import { DeletionLogModule } from '@libs/deletion-log';
import { EventsModule } from '@libs/events';
import { PersistenceModule } from '@libs/persistence';
import { RedisModule } from '@libs/redis';

import { DashboardModule } from './dashboard/dashboard.module.js';
import { projectDatabase } from './database/project-database.js';
import { DeletionModule } from './deletion/deletion.module.js';
import { MembersModule } from './members/members.module.js';
import { ProjectsModule } from './projects/projects.module.js';
import type { ProjectServiceSettings } from './settings.js';

/** Projects of tenants and who is in them. What a feature needs it imports itself. */
@Module({})
export class ProjectServiceModule {
  static forRoot(settings: ProjectServiceSettings): DynamicModule {
    const { redisUrl, databaseUrl, dataDir, encryptionKey, dashboardPartMs } = settings;
    return {
      module: ProjectServiceModule,
      imports: [
        RedisModule.forRoot({ redisUrl }),
        EventsModule,
        PersistenceModule.forRoot({ ...projectDatabase, databaseUrl, dataDir, encryptionKey }),
        AuditModule,
        DeletionLogModule,
        ProjectsModule,
        MembersModule,
        DashboardModule.of(dashboardPartMs),
        DeletionModule,
      ],
    };
  }
}
