import { newTraceId, newTraceparent, parseTraceparent, type Span, type Tracer } from '@libs/tracing';

/** W3C Trace Context of one request, as it goes on to the upstream service. */
export interface TraceContext {
  readonly traceId: string;
  readonly traceparent: string;
  /** Empty unless it came with a valid traceparent. */
  readonly tracestate: string;
  /** Undefined unless the request is recorded. */
  readonly span: Span | undefined;
}

/**
 * Goes on with the trace of the client if its header is well formed, else begins one. The span id is always
 * ours, because the gateway is the parent of what the upstream service does.
 */
export function traceContextFrom(
  traceparent: string | undefined,
  tracestate: string | undefined,
  tracer?: Tracer,
): TraceContext {
  const parent = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  const traceId = parent?.traceId ?? newTraceId();
  const span = tracer?.receive(parent, traceId, 'request');
  return {
    traceId,
    traceparent: span?.traceparent ?? newTraceparent(parent ?? { traceId }),
    tracestate: parent === undefined ? '' : (tracestate ?? ''),
    span,
  };
}
