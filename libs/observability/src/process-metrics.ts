import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

import { spanCounts } from '@libs/tracing';

let registry: Registry | undefined;

/** Memory, processor, event loop and garbage collection: watched once, however many services the process holds. */
export function processMetrics(): Registry {
  if (registry === undefined) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
    countSpans(registry);
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
