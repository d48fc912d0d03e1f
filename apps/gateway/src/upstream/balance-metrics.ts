import { Injectable, Logger } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';

import { Metrics } from '@libs/observability';

import { InstanceRegistry } from '../runtime/instance-registry.js';
import { instanceStatuses, statusOf } from '../instances/instance-status.js';

/** Shows how the instances do. By service, not by instance: those come and go without number. */
@Injectable()
export class BalanceMetrics {
  private readonly logger = new Logger('Balance');

  constructor(metrics: Metrics, registry: InstanceRegistry) {
    const ejections = metrics.own(
      'gateway_ejections_total',
      (registers) =>
        new Counter({
          name: 'gateway_ejections_total',
          help: 'Times that an instance was left alone because of failures',
          labelNames: ['upstream', 'because'],
          registers,
        }),
    );
    registry.onEjection((instance, because) => {
      ejections.inc({ upstream: instance.service, because });
      this.logger.warn({
        msg: 'instance is ejected',
        upstream: instance.service,
        instance: instance.model.origin,
        because,
        for_ms: Math.round(instance.state.ejection?.until ?? 0) - Math.round(instance.state.ejection?.since ?? 0),
      });
    });
    metrics.own('gateway_instances', (registers) => instancesGauge(registry, registers));
    metrics.own('gateway_panic', (registers) => panicGauge(registry, registers));
  }
}

type Registers = Parameters<Parameters<Metrics['own']>[1]>[0];

const instancesGauge = (registry: InstanceRegistry, registers: Registers): Gauge =>
  new Gauge({
    name: 'gateway_instances',
    help: 'Instances of a service by how they are',
    labelNames: ['upstream', 'status'],
    registers,
    collect() {
      const now = performance.now();
      this.reset();
      for (const { name, pool } of registry.list()) {
        for (const status of instanceStatuses) this.set({ upstream: name, status }, 0);
        for (const member of pool.members) this.inc({ upstream: name, status: statusOf(member, now) });
      }
    },
  });

const panicGauge = (registry: InstanceRegistry, registers: Registers): Gauge =>
  new Gauge({
    name: 'gateway_panic',
    help: 'Whether so few instances are fit that health is ignored',
    labelNames: ['upstream'],
    registers,
    collect() {
      this.reset();
      for (const { name, pool } of registry.list()) this.set({ upstream: name }, pool.isInPanic ? 1 : 0);
    },
  });
