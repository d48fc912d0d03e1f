import { availableParallelism, loadavg } from 'node:os';

import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

import { spanCounts } from '@libs/tracing';

import { watchCertificates } from './certificate-metrics.js';
import { watchStores } from './store-metrics.js';

let registry: Registry | undefined;

/** Memory, processor, event loop and garbage collection: watched once, however many services the process holds. */
export function processMetrics(): Registry {
  if (registry === undefined) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
    countSpans(registry);
    watchMachine(registry);
    watchStores(registry);
    watchCertificates(registry);
  }
  return registry;
}

/** A collector that is away is seen here, and nowhere else. */
function countSpans(register: Registry): void {
  const ended = new Counter({
    name: 'trace_spans_total',
    help: 'Spans by what became of them: exported, dropped because the queue was full, or failed to be exported',
    labelNames: ['outcome'],
    registers: [],
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(spanCounts().outcomes)) this.inc({ outcome }, count);
    },
  });
  const waiting = new Gauge({
    name: 'trace_spans_waiting',
    help: 'Spans that wait to be exported',
    registers: [],
    collect() {
      this.set(spanCounts().waiting);
    },
  });
  register.registerMetric(ended);
  register.registerMetric(waiting);
}

/** What tools made for Spring Boot look for, under the names that Prometheus gives to Micrometer's. */
function watchMachine(register: Registry): void {
  let before = { at: process.hrtime.bigint(), usage: process.cpuUsage() };
  const cpuShare = (): number => {
    const now = { at: process.hrtime.bigint(), usage: process.cpuUsage() };
    const used = now.usage.user + now.usage.system - before.usage.user - before.usage.system;
    const passed = Number(now.at - before.at) / 1_000;
    before = now;
    return passed === 0 ? 0 : Math.min(1, used / passed / availableParallelism());
  };
  const gauge = (name: string, help: string, read: () => number): void =>
    register.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(read());
        },
      }),
    );
  gauge('process_uptime_seconds', 'Since the process was started', () => process.uptime());
  gauge('process_cpu_usage', 'Share of the processors that this process used since it was asked last', cpuShare);
  gauge('system_cpu_count', 'Processors that this process may use', availableParallelism);
  gauge('system_load_average_1m', 'Processes that want to run on this machine', () => loadavg()[0] ?? 0);
}
