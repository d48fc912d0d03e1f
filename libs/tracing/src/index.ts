export { Span, type SpanAttributes, type SpanKindName } from './span.js';
export { newSpanId, newTraceId, newTraceparent, parseTraceparent, type TraceContext } from './trace-context.js';
export { type TracingOptions, Tracer } from './tracer.js';
export { flushSpans, isTracing, spanCounts, startTracing } from './tracing.js';
