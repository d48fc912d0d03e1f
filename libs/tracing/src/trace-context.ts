import { randomFillSync } from 'node:crypto';

/** W3C Trace Context, `traceparent`. */
export interface TraceContext {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits: the span of the caller. */
  readonly spanId: string;
  readonly isSampled: boolean;
}

const traceparent = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Undefined for whatever the standard says to ignore. Later versions are read as far as this one goes. */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', rest] = traceparent.exec(header ?? '') ?? [];
  if (version === undefined || (version === '00' && rest !== undefined)) return undefined;
  if (isZero(traceId) || isZero(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** A header for the next hop: a span of its own in the trace that is given, or in a new one. */
export function newTraceparent(trace: { readonly traceId?: string; readonly isSampled?: boolean } = {}): string {
  return `00-${trace.traceId ?? newTraceId()}-${newSpanId()}-${trace.isSampled === true ? '01' : '00'}`;
}

export const newSpanId = (): string => randomHex(8);

export const newTraceId = (): string => randomHex(16);

const isZero = (id: string): boolean => /^0*$/.test(id);

const pool = Buffer.alloc(4096);
let used = pool.length;

/** Drawn from a pool: asking the system for every single id costs more than the id. */
function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  const id = pool.toString('hex', used - bytes, used);
  return isZero(id) ? randomHex(bytes) : id;
}
