import { Module } from '@nestjs/common';

import { followEndingsOf } from '@libs/deletion-log';

import { InstancesModule } from '../instances/instances.module.js';
import { LifecycleModule } from '../lifecycle/lifecycle.module.js';
import { AfterOwnerEnding } from './after-owner-ending.js';

/** What goes with a tenant or a project that is gone. */
@Module({
  imports: [InstancesModule, LifecycleModule],
  providers: [
    AfterOwnerEnding,
    followEndingsOf('tenant-service', AfterOwnerEnding),
    followEndingsOf('project-service', AfterOwnerEnding),
  ],
})
export class DeletionModule {}
