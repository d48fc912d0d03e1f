import { Module } from '@nestjs/common';

import { TenantQuotas } from '@libs/quotas';

import { InstancesModule } from '../instances/instances.module.js';
import { LifecycleModule } from '../lifecycle/lifecycle.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { InstanceQuota } from './instance-quota.js';
import { InstanceReader } from './instance-reader.js';
import { InstancesController } from './instances.controller.js';
import { InstancesGrpc } from './instances.grpc.js';
import { InstancesService } from './instances.service.js';
import { ReadableProjects } from './readable-projects.js';

/** What callers may see and do of instances, over HTTP and gRPC. */
@Module({
  imports: [InstancesModule, LifecycleModule, ProjectsModule],
  controllers: [InstancesController, InstancesGrpc],
  providers: [InstanceReader, InstancesService, InstanceQuota, ReadableProjects, TenantQuotas],
})
export class InstanceApiModule {}
