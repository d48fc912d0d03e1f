import {
  type Attributes,
  ROOT_CONTEXT,
  type Span as RecordedSpan,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';

/** By the names of the semantic conventions of OpenTelemetry. Never a raw query, a value or a secret. */
export type SpanAttributes = Attributes;

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;
export type SpanKindName = keyof typeof kinds;

/** Something that took its time in a trace that is recorded. Of a request that is not sampled there are none. */
export class Span {
  /** What the next hop is told. */
  readonly traceparent: string;

  constructor(
    private readonly tracer: Tracer,
    private readonly recorded: RecordedSpan,
  ) {
    const { traceId, spanId } = recorded.spanContext();
    this.traceparent = `00-${traceId}-${spanId}-01`;
  }

  /** Begins a span below this one. */
  begin(name: string, kind: SpanKindName, attributes: SpanAttributes = {}): Span {
    const options = { kind: kinds[kind], attributes };
    return new Span(this.tracer, this.tracer.startSpan(name, options, trace.setSpan(ROOT_CONTEXT, this.recorded)));
  }

  /** As far as it is known only later. */
  describe(name: string, attributes: SpanAttributes = {}): void {
    this.recorded.updateName(name);
    this.recorded.setAttributes(attributes);
  }

  set(attributes: SpanAttributes): void {
    this.recorded.setAttributes(attributes);
  }

  /** `reason` is a word of a closed list or a code: messages repeat what they were given. */
  fail(reason: string): void {
    this.recorded.setStatus({ code: SpanStatusCode.ERROR });
    this.recorded.setAttribute('error.type', reason);
  }

  /** A span that is never ended is never shown. */
  end(): void {
    this.recorded.end();
  }
}
