import { Module } from '@nestjs/common';

import { followEndingsOf } from '@libs/deletion-log';

import { MembershipsModule } from '../memberships/memberships.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { AfterTenantEnding } from './after-tenant-ending.js';
import { EndingsGrpc } from './endings.grpc.js';

/** What goes with a tenant, a membership or a user that is gone, and the log that tells others which projects are. */
@Module({
  imports: [MembershipsModule, ProjectsModule],
  controllers: [EndingsGrpc],
  providers: [AfterTenantEnding, followEndingsOf('tenant-service', AfterTenantEnding)],
})
export class DeletionModule {}
