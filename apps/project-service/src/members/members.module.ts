import { Module } from '@nestjs/common';

import { MembershipsModule } from '../memberships/memberships.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { MembersController } from './members.controller.js';
import { MembersService } from './members.service.js';
import { TenantMembers } from './tenant-members.js';

/** Members come into a project, change their role and leave. */
@Module({
  imports: [MembershipsModule, ProjectsModule],
  controllers: [MembersController],
  providers: [MembersService, TenantMembers],
})
export class MembersModule {}
