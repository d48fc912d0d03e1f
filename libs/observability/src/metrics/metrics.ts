import { Injectable } from '@nestjs/common';
import { Histogram, type Metric, Registry } from 'prom-client';

import { processMetrics } from './process-metrics.js';

export interface ServedRequest {
  readonly method: string;
  /** The pattern that matched, never the path: paths are without number. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

export interface ServedCall {
  /** `/package.Service/Method`. */
  readonly method: string;
  /** Name of the gRPC status. */
  readonly status: string;
  readonly seconds: number;
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The metrics of one service. Those of the process are shown along with them. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Histogram<'method' | 'route' | 'status'>;
  readonly #calls: Histogram<'method' | 'status'>;
  readonly #series = new Map<string, Histogram.Internal<'method' | 'route' | 'status'>>();

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    this.#requests = new Histogram({
      name: 'http_server_requests_seconds',
      help: 'Time to answer an HTTP request',
      labelNames: ['method', 'route', 'status'],
      buckets: latencyBuckets,
      registers: [this.registry],
    });
    this.#calls = new Histogram({
      name: 'grpc_server_requests_seconds',
      help: 'Time to answer a gRPC call',
      labelNames: ['method', 'status'],
      buckets: latencyBuckets,
      registers: [this.registry],
    });
  }

  countRequest({ method: asked, route, status, seconds }: ServedRequest): void {
    // HTTP/2 lets a client invent them.
    const method = methods.has(asked) ? asked : 'OTHER';
    const key = `${method} ${status} ${route}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      series = this.#requests.labels({ method, route, status: String(status) });
      this.#series.set(key, series);
    }
    series.observe(seconds);
  }

  countCall({ method, status, seconds }: ServedCall): void {
    this.#calls.observe({ method, status }, seconds);
  }

  /** A metric of one's own, made by `make` unless there is one by that name already. */
  own<T extends Metric>(name: string, make: (registers: Registry[]) => T): T {
    return (this.registry.getSingleMetric(name) as T | undefined) ?? make([this.registry]);
  }

  /** In the text format of Prometheus. */
  async render(): Promise<{ readonly contentType: string; readonly text: string }> {
    const parts = await Promise.all([this.registry.metrics(), processMetrics().metrics()]);
    return { contentType: this.registry.contentType, text: parts.join('\n') };
  }

  async read(): Promise<Awaited<ReturnType<Registry['getMetricsAsJSON']>>> {
    const parts = await Promise.all([this.registry.getMetricsAsJSON(), processMetrics().getMetricsAsJSON()]);
    return parts.flat();
  }
}
