import { randomUUID } from 'node:crypto';

import { ROOT_CONTEXT, SpanKind, trace, TraceFlags } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  type IdGenerator,
  SamplingDecision,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

import { Span } from './span.js';
import { newSpanId, type TraceContext } from './trace-context.js';

export interface TracingOptions {
  /** Whose spans they are. */
  readonly service: string;
  readonly version: string;
  /** Of the traces that begin here, 0 to 1. One that came in sampled, or not, stays so. */
  readonly ratio: number;
}

const always = (): boolean => true;

/** Trace ids are chosen before anybody knows whether there will be spans: the caller is told one in any case. */
class ChosenIds implements IdGenerator {
  traceId = '';
  generateTraceId = (): string => this.traceId;
  generateSpanId = newSpanId;
}

/** Decides which requests are recorded, and begins their first span in this service. */
export class Tracer {
  private readonly ids = new ChosenIds();
  private readonly sampler: TraceIdRatioBasedSampler;
  private readonly ratio: number;
  private readonly tracer: ReturnType<TracerProvider['getTracer']>;

  constructor({ service, version, ratio }: TracingOptions, processor: SpanProcessor) {
    this.ratio = ratio;
    this.sampler = new TraceIdRatioBasedSampler(ratio);
    const provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.name': service,
        'service.namespace': 'gatehouse',
        'service.version': version,
        'service.instance.id': randomUUID(),
      }),
      sampler: new AlwaysOnSampler(),
      idGenerator: this.ids,
      spanProcessors: [processor],
      spanLimits: { attributeValueLengthLimit: 2_048 },
    });
    this.tracer = provider.getTracer('gatehouse');
  }

  /**
   * The span of a request that has come in; undefined if it is not to be recorded. `mayAsk` is asked where the caller
   * wants to be recorded and is not to be trusted with it: without its leave the request takes its chance with all others.
   */
  receive(
    parent: TraceContext | undefined,
    traceId: string,
    name: string,
    mayAsk: () => boolean = always,
  ): Span | undefined {
    const isRecorded = parent === undefined ? this.samples(traceId) : parent.isSampled && (this.isLucky() || mayAsk());
    return isRecorded ? this.begin(parent, traceId, name) : undefined;
  }

  /** Not by the trace id: that is of the caller's choosing. */
  private isLucky(): boolean {
    return Math.random() < this.ratio;
  }

  private samples(traceId: string): boolean {
    return this.sampler.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED;
  }

  private begin(parent: TraceContext | undefined, traceId: string, name: string): Span {
    this.ids.traceId = traceId;
    const context =
      parent === undefined
        ? ROOT_CONTEXT
        : trace.setSpanContext(ROOT_CONTEXT, {
            traceId: parent.traceId,
            spanId: parent.spanId,
            traceFlags: TraceFlags.SAMPLED,
            isRemote: true,
          });
    return new Span(this.tracer, this.tracer.startSpan(name, { kind: SpanKind.SERVER }, context));
  }
}
