import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';

import { type Names, names as ownNames } from '@libs/names';

import { SpanQueue } from './span-queue.js';
import { Tracer, type TracingOptions } from './tracer.js';

export interface ExportOptions {
  /** Base URL of the collector, as in OTEL_EXPORTER_OTLP_ENDPOINT. Absent: nothing is recorded. */
  readonly endpoint?: string | undefined;
  /** `name=value,name=value`, as in OTEL_EXPORTER_OTLP_HEADERS. */
  readonly headers?: string | undefined;
  /** Finds the address of the collector; as the system does unless given. */
  readonly names?: Names | undefined;
}

/** What waits for a collector that hangs is one batch; the queue behind it has its own bound. */
const exportTimeoutMs = 5_000;

let shared: { readonly endpoint: string; readonly queue: SpanQueue } | undefined;

/**
 * The tracer of a service; undefined without a collector. Services that share a process share the queue: whoever comes
 * first says where it leads.
 */
export function startTracing({
  endpoint,
  headers,
  names = ownNames,
  ...options
}: TracingOptions & ExportOptions): Tracer | undefined {
  if (endpoint === undefined) return undefined;
  shared ??= {
    endpoint,
    queue: new SpanQueue({
      exporter: new OTLPTraceExporter({
        url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
        headers: readHeaders(headers),
        timeoutMillis: exportTimeoutMs,
        httpAgentOptions: { keepAlive: true, lookup: names.lookup },
      }),
    }),
  };
  return new Tracer(options, shared.queue);
}

/** Whether any service of this process records anything. */
export const isTracing = (): boolean => shared !== undefined;

/** Writes out what waits, but no longer than that: the collector may hang. */
export async function flushSpans(withinMs: number): Promise<void> {
  if (shared === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
  await Promise.race([shared.queue.forceFlush(), limit]);
  clearTimeout(timer);
}

/** For the metrics: what became of the spans, and how many wait. */
export const spanCounts = () => ({
  outcomes: shared?.queue.outcomes ?? { exported: 0, dropped: 0, failed: 0 },
  waiting: shared?.queue.length ?? 0,
});

function readHeaders(text = ''): Record<string, string> {
  const pairs = text
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair.includes('='))
    .map((pair) => [
      pair.slice(0, pair.indexOf('=')).trim(),
      decodeURIComponent(pair.slice(pair.indexOf('=') + 1).trim()),
    ]);
  return Object.fromEntries(pairs) as Record<string, string>;
}
