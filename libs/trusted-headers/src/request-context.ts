import { AsyncLocalStorage } from 'node:async_hooks';

import { newTraceparent, type Span } from '@libs/tracing';

import type { Identity } from './identity.js';

/** What is known about the work in progress, wherever in the code it is. */
export interface RequestContext {
  readonly requestId: string;
  readonly traceId: string;
  /** W3C trace context for whoever is called: that of our own span if there is one, else as it came. */
  readonly traceparent: string;
  readonly identity: Identity;
  /** Where the request came into the house from, as the gateway saw it; no decision hangs on it. */
  readonly clientAddress?: string;
  /** When the caller stops waiting, in milliseconds since 1970; absent if it did not say. */
  readonly deadline?: number;
  /** What spans of this work are begun below; undefined if the trace is not recorded. */
  readonly span?: Span | undefined;
}

interface Slot {
  context: RequestContext;
}

const storage = new AsyncLocalStorage<Slot>();

export const runInContext = <T>(context: RequestContext, work: () => T): T => storage.run({ context }, work);

/** For work that serves many requests at once: it belongs to none of them. */
export const runOutsideContext = <T>(work: () => T): T => storage.exit(work);

export const currentContextOrNone = (): RequestContext | undefined => storage.getStore()?.context;

export function currentContext(): RequestContext {
  const context = currentContextOrNone();
  if (context === undefined) throw new Error('There is no request context here: wrap the work in runInContext.');
  return context;
}

/**
 * Completes the context of the request that is being served, for everything that runs in it. The transport opens
 * the context before the caller is known, so that even a refusal carries a request id. Should the sealed trace be
 * another one than that of the open `traceparent`, the sealed one counts, and our span is of no trace at all.
 */
export function completeContext(known: Pick<RequestContext, 'requestId' | 'traceId' | 'identity'>): void {
  const slot = storage.getStore();
  if (slot === undefined) return;
  const { context } = slot;
  const isSameTrace = context.traceId === known.traceId;
  slot.context = {
    ...context,
    ...known,
    ...(isSameTrace ? {} : { traceparent: newTraceparent({ traceId: known.traceId }), span: undefined }),
  };
}
