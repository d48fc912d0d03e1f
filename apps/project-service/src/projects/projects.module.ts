import { Module } from '@nestjs/common';

import { TenantQuotas } from '@libs/quotas';

import { MembershipsModule } from '../memberships/memberships.module.js';
import { ProjectQuota } from './project-quota.js';
import { ProjectsController } from './projects.controller.js';
import { ProjectsGrpc } from './projects.grpc.js';
import { ProjectsRepository } from './projects.repository.js';
import { ProjectsService } from './projects.service.js';

/** Projects, and what a caller may do with each. */
@Module({
  imports: [MembershipsModule],
  controllers: [ProjectsController, ProjectsGrpc],
  providers: [ProjectsRepository, ProjectQuota, ProjectsService, TenantQuotas],
  exports: [ProjectsRepository, ProjectsService],
})
export class ProjectsModule {}
