import { Module } from '@nestjs/common';

import { InstancesModule } from '../instances/instances.module.js';
import { TimeModule } from '../time/time.module.js';
import { MoveDriver } from './move-driver.js';
import { MoveRunner } from './move-runner.js';

/** Moves of instances from one state to the next, which a driver carries out. */
@Module({
  imports: [InstancesModule, TimeModule],
  providers: [MoveDriver, MoveRunner],
  exports: [MoveRunner],
})
export class LifecycleModule {}
