import { Counter, Gauge } from 'prom-client';

import type { Metrics } from '@libs/observability';

import type { ConfigurationStatus, SourceFailure } from './configuration-status.js';

/** Shows which configuration is in force. Gateways that show the same version have the same configuration. */
export class ConfigurationMetrics {
  private readonly errors: Counter<'source' | 'kind'>;
  private readonly swaps: Counter;

  constructor(
    metrics: Metrics,
    private readonly status: ConfigurationStatus,
  ) {
    const gauge = (name: string, help: string, value: () => number): void => {
      metrics.own(name, (registers) => {
        return new Gauge({
          name,
          help,
          registers,
          collect() {
            this.set(value());
          },
        });
      });
    };
    gauge('gateway_configuration_version', 'Version in force: its number, or a digest of its text', () =>
      versionNumber(status),
    );
    gauge('gateway_configuration_age_seconds', 'Since the configuration in force came', () => status.ageSeconds);
    gauge('gateway_configuration_stale', '1 while the source is bad and the last good configuration goes on', () =>
      status.failure === undefined ? 0 : 1,
    );
    this.errors = metrics.own('gateway_configuration_errors_total', (registers) => {
      const help = 'Times that the source was bad and nothing changed';
      return new Counter({
        name: 'gateway_configuration_errors_total',
        help,
        labelNames: ['source', 'kind'],
        registers,
      });
    });
    this.swaps = metrics.own('gateway_configuration_swaps_total', (registers) => {
      const help = 'Times that another configuration, or other instances, went into force';
      return new Counter({ name: 'gateway_configuration_swaps_total', help, registers });
    });
  }

  countFailure(kind: SourceFailure['kind']): void {
    this.errors.inc({ source: this.status.source, kind });
  }

  countSwap(): void {
    this.swaps.inc();
  }
}

const versionNumber = ({ inForce }: ConfigurationStatus): number =>
  inForce.number ?? Number.parseInt(inForce.version.slice(0, 8), 16);
