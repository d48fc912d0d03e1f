import { newTraceparent, parseTraceparent } from '@libs/observability';

/** W3C Trace Context of one request, as it goes on to the upstream service. */
export interface TraceContext {
  readonly traceId: string;
  readonly traceparent: string;
  /** Empty unless it came with a valid traceparent. */
  readonly tracestate: string;
}

/**
 * Goes on with the trace of the client if its header is well formed, else begins one. The span id is always
 * ours, because the gateway is the parent of what the upstream service does.
 */
export function traceContextFrom(traceparent: string | undefined, tracestate: string | undefined): TraceContext {
  const parent = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  const own = newTraceparent(parent);
  return {
    traceId: own.slice(3, 35),
    traceparent: own,
    tracestate: parent === undefined ? '' : (tracestate ?? ''),
  };
}
