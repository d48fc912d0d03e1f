import { type DynamicModule, Global, Module } from '@nestjs/common';

import { InstanceDriver } from './instance-driver.js';

/** Whatever runs the machines: handed in at the start, one for the whole process. */
@Global()
@Module({})
export class DriverModule {
  static of(driver: InstanceDriver): DynamicModule {
    return {
      module: DriverModule,
      providers: [{ provide: InstanceDriver, useValue: driver }],
      exports: [InstanceDriver],
    };
  }
}
