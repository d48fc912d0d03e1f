import { type DynamicModule, Global, Module } from '@nestjs/common';

import type { GatewayConfiguration } from './gateway-configuration.schema.js';
import { compileSnapshot } from './snapshot.js';
import { Snapshots } from './snapshots.js';

/** The configuration in force, for every stage. */
@Global()
@Module({})
export class ConfigurationModule {
  static forRoot(configuration: GatewayConfiguration): DynamicModule {
    return {
      module: ConfigurationModule,
      providers: [{ provide: Snapshots, useFactory: () => new Snapshots(compileSnapshot(configuration)) }],
      exports: [Snapshots],
    };
  }
}
