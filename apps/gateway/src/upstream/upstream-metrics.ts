import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';

import { Metrics } from '@libs/observability';

import type { Instance } from '../instances/instance.js';
import { InstanceRegistry } from '../runtime/instance-registry.js';
import { circuitStates } from './circuit-breaker.js';
import { Connections } from './connections.js';

/** Above this many instances the rest is shown together: series are not without number. */
const maxShown = 200;
const others = 'others';

/**
 * What the attempts at the instances in force come to. It is counted where they end, and put together when asked
 * for. Prometheus calls the process that it asks `instance`, so the one behind it is `upstream_instance`.
 */
@Injectable()
export class UpstreamMetrics {
  constructor(metrics: Metrics, registry: InstanceRegistry, connections: Connections) {
    const shown = (): [Instance, string][] =>
      registry.all().map((instance, index) => [instance, index < maxShown ? instance.model.origin : others]);

    metrics.own('gateway_upstream_requests_total', (registers) => {
      const name = 'gateway_upstream_requests_total';
      const help = 'Attempts at an instance, by how they ended';
      const labelNames = ['upstream', 'upstream_instance', 'outcome'] as const;
      const collect = function (this: Counter<(typeof labelNames)[number]>) {
        this.reset();
        for (const [{ service, state }, upstream_instance] of shown()) {
          for (const [outcome, count] of Object.entries(state.outcomes)) {
            if (count > 0) this.inc({ upstream: service, upstream_instance, outcome }, count);
          }
        }
      };
      return new Counter({ name, help, labelNames, registers, collect });
    });
    metrics.own('gateway_upstream_seconds_total', (registers) => {
      const name = 'gateway_upstream_seconds_total';
      const help = 'Time until an instance began its answers, all together';
      const labelNames = ['upstream', 'upstream_instance'] as const;
      const collect = function (this: Counter<(typeof labelNames)[number]>) {
        this.reset();
        for (const [{ service, state }, upstream_instance] of shown()) {
          this.inc({ upstream: service, upstream_instance }, state.answerMs / 1_000);
        }
      };
      return new Counter({ name, help, labelNames, registers, collect });
    });
    metrics.own('gateway_circuit_breakers', (registers) => {
      const help = 'Instances that were asked something, by the state of their circuit breaker';
      const labelNames = ['upstream', 'state'] as const;
      const collect = function (this: Gauge<(typeof labelNames)[number]>) {
        this.reset();
        for (const { service: upstream } of registry.all())
          for (const state of circuitStates) this.set({ upstream, state }, 0);
        for (const { instance, breaker } of connections.list())
          this.inc({ upstream: instance.service, state: breaker.position });
      };
      return new Gauge({ name: 'gateway_circuit_breakers', help, labelNames, registers, collect });
    });
    metrics.own('gateway_upstream_connections', (registers) => {
      const help = 'Connections to instances that are open, and requests that wait for one';
      const labelNames = ['upstream', 'state'] as const;
      const collect = function (this: Gauge<(typeof labelNames)[number]>) {
        this.reset();
        for (const { instance, load } of connections.list()) {
          this.inc({ upstream: instance.service, state: 'open' }, load.open);
          this.inc({ upstream: instance.service, state: 'waited_for' }, load.queued);
        }
      };
      return new Gauge({ name: 'gateway_upstream_connections', help, labelNames, registers, collect });
    });
  }
}
