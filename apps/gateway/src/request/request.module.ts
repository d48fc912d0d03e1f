import { type DynamicModule, Module } from '@nestjs/common';

import { Metrics, ownVersion } from '@libs/observability';
import { startTracing, Tracer } from '@libs/tracing';

import { ClientTraces } from './client-traces.js';
import { Contexts } from './contexts.js';

export interface TracingOptions {
  /** Without it, or without a collector in it, nothing is recorded. */
  readonly tracing?: Partial<Parameters<typeof startTracing>[0]> | undefined;
  /** How many traces a second are recorded because their clients ask for it; any number without it. */
  readonly tracesByClients?: number | undefined;
}

/** The context of each request, and the trace that it belongs to. */
@Module({})
export class RequestModule {
  static of({ tracing, tracesByClients }: TracingOptions): DynamicModule {
    return {
      module: RequestModule,
      providers: [
        {
          provide: Tracer,
          useFactory: () => startTracing({ service: 'gateway', version: ownVersion(), ratio: 1, ...tracing }),
        },
        {
          provide: ClientTraces,
          inject: [Metrics],
          useFactory: (metrics: Metrics) =>
            tracesByClients === undefined ? undefined : new ClientTraces(tracesByClients, metrics),
        },
        Contexts,
      ],
      exports: [Contexts],
    };
  }
}
