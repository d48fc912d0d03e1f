import { newTraceId, newTraceparent, parseTraceparent, type Span, type Tracer } from '@libs/tracing';

import type { ClientTraces } from './client-traces.js';
import { checkedTracestate } from '../http/tracestate.js';

/** W3C Trace Context of one request, as it goes on to the upstream service. */
export interface TraceContext {
  readonly traceId: string;
  readonly traceparent: string;
  /** Empty unless it came with a valid traceparent, and is valid itself. */
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
  clients?: ClientTraces,
): TraceContext {
  const parent = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  const traceId = parent?.traceId ?? newTraceId();
  const span = tracer?.receive(parent, traceId, 'request', clients?.mayAsk);
  // What is not recorded here is not recorded behind either. Without a collector of its own the gateway only passes on.
  const isSampled = tracer === undefined && parent?.isSampled === true;
  return {
    traceId,
    traceparent: span?.traceparent ?? newTraceparent({ traceId, isSampled }),
    tracestate: parent === undefined || tracestate === undefined ? '' : checkedTracestate(tracestate),
    span,
  };
}
