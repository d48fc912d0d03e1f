import { type DynamicModule, Global, Module } from '@nestjs/common';

import { EventBus } from '@libs/events';
import { Metrics } from '@libs/observability';

import { ConfigurationMetrics } from './configuration-metrics.js';
import { ConfigurationStatus, type Loaded } from './configuration-status.js';
import type { GatewayConfiguration } from '../schema/gateway-configuration.schema.js';
import { LiveConfiguration, type LiveParts } from './live-configuration.js';
import { compileSnapshot } from '../../runtime/snapshot.js';
import { Snapshots } from '../../runtime/snapshots.js';

export interface ConfigurationOptions {
  /** What is in force first, with all instances. */
  readonly configuration: GatewayConfiguration;
  /** Absent: it stays as it is. */
  readonly live?: (LiveParts & { readonly first: Loaded }) | undefined;
}

/** The configuration in force, for every stage. */
@Global()
@Module({})
export class ConfigurationModule {
  static forRoot({ configuration, live }: ConfigurationOptions): DynamicModule {
    const status = new ConfigurationStatus(live?.source.kind ?? 'fixed', live?.first ?? withoutDocument(configuration));
    return {
      module: ConfigurationModule,
      providers: [
        { provide: Snapshots, useFactory: () => new Snapshots(compileSnapshot(configuration)) },
        { provide: ConfigurationStatus, useValue: status },
        {
          provide: ConfigurationMetrics,
          inject: [Metrics],
          useFactory: (metrics: Metrics) => new ConfigurationMetrics(metrics, status),
        },
        ...(live === undefined ? [] : [liveProvider(live)]),
      ],
      exports: [Snapshots, ConfigurationStatus],
    };
  }
}

const liveProvider = (parts: LiveParts) => ({
  provide: LiveConfiguration,
  inject: [Snapshots, ConfigurationStatus, ConfigurationMetrics, EventBus],
  useFactory: (
    snapshots: Snapshots,
    status: ConfigurationStatus,
    metrics: ConfigurationMetrics,
    events: EventBus,
  ): LiveConfiguration => new LiveConfiguration(parts, snapshots, status, metrics, events),
});

const withoutDocument = (configuration: GatewayConfiguration): Loaded => ({
  configuration,
  document: { text: '', place: '', folder: '', version: '0' },
});
