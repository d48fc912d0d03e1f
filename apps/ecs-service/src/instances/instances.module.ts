import { Module } from '@nestjs/common';

import { InstancesRepository } from './instances.repository.js';
import { MovesRepository } from './moves.repository.js';

/** The instances of all tenants, and the states that one can be in. */
@Module({
  providers: [InstancesRepository, MovesRepository],
  exports: [InstancesRepository, MovesRepository],
})
export class InstancesModule {}
