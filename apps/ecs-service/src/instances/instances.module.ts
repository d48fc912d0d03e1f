import { Module } from '@nestjs/common';

import { InstancesRepository } from './instances.repository.js';

/** The instances of all tenants, and the states that one can be in. */
@Module({
  providers: [InstancesRepository],
  exports: [InstancesRepository],
})
export class InstancesModule {}
