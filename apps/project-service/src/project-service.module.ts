import { type DynamicModule, Module } from '@nestjs/common';

import { AuditModule, auditTables } from '@libs/audit';
import { DeletionLogModule, deletionLogTables, followEndingsOf } from '@libs/deletion-log';
import { EventsModule } from '@libs/events';
import { PersistenceModule } from '@libs/persistence';
import { TenantQuotas } from '@libs/quotas';
import { RedisModule } from '@libs/redis';

import { DashboardController } from './dashboard/dashboard.controller.js';
import { dashboardPartMs, DashboardService } from './dashboard/dashboard.service.js';
import { AfterTenantEnding } from './deletion/after-tenant-ending.js';
import { EndingsGrpc } from './deletion/endings.grpc.js';
import { ProjectMember } from './memberships/member.entity.js';
import { MembersController } from './members/members.controller.js';
import { MembersRepository } from './memberships/members.repository.js';
import { MembersService } from './members/members.service.js';
import { TenantMembers } from './members/tenant-members.js';
import { Projects1700000001000 } from './database/migrations/1700000001000-projects.js';
import { WalkedProjects1700000002000 } from './database/migrations/1700000002000-walked-projects.js';
import { Project } from './projects/project.entity.js';
import { ProjectsController } from './projects/projects.controller.js';
import { ProjectsGrpc } from './projects/projects.grpc.js';
import { ProjectsRepository } from './projects/projects.repository.js';
import { ProjectsService } from './projects/projects.service.js';
import type { ProjectServiceSettings } from './settings.js';

@Module({})
export class ProjectServiceModule {
  static forRoot(settings: ProjectServiceSettings): DynamicModule {
    return {
      module: ProjectServiceModule,
      imports: [
        RedisModule.forRoot({ redisUrl: settings.redisUrl }),
        EventsModule,
        PersistenceModule.forRoot({
          service: 'project',
          databaseUrl: settings.databaseUrl,
          dataDir: settings.dataDir,
          entities: [...auditTables.entities, ...deletionLogTables.entities, Project, ProjectMember],
          migrations: [
            ...auditTables.migrations,
            ...deletionLogTables.migrations,
            Projects1700000001000,
            WalkedProjects1700000002000,
          ],
          encryptionKey: settings.encryptionKey,
        }),
        AuditModule,
        DeletionLogModule,
      ],
      controllers: [ProjectsController, MembersController, DashboardController, ProjectsGrpc, EndingsGrpc],
      providers: [
        ProjectsRepository,
        ProjectsService,
        MembersRepository,
        MembersService,
        TenantMembers,
        DashboardService,
        TenantQuotas,
        AfterTenantEnding,
        followEndingsOf('tenant-service', AfterTenantEnding),
        { provide: dashboardPartMs, useValue: settings.dashboardPartMs },
      ],
    };
  }
}
