import { AsyncLocalStorage } from 'node:async_hooks';

import type { Identity } from './identity.js';

/** What is known about the work in progress, wherever in the code it is. */
export interface RequestContext {
  readonly requestId: string;
  readonly traceId: string;
  /** W3C trace context, passed on as it is. */
  readonly traceparent: string;
  readonly identity: Identity;
  /** Where the request came into the house from, as the gateway saw it; no decision hangs on it. */
  readonly clientAddress?: string;
  /** When the caller stops waiting, in milliseconds since 1970; absent if it did not say. */
  readonly deadline?: number;
}

interface Slot {
  context: RequestContext;
}

const storage = new AsyncLocalStorage<Slot>();

export const runInContext = <T>(context: RequestContext, work: () => T): T => storage.run({ context }, work);

export const currentContextOrNone = (): RequestContext | undefined => storage.getStore()?.context;

export function currentContext(): RequestContext {
  const context = currentContextOrNone();
  if (context === undefined) throw new Error('There is no request context here: wrap the work in runInContext.');
  return context;
}

/**
 * Completes the context of the request that is being served, for everything that runs in it. The transport opens
 * the context before the caller is known, so that even a refusal carries a request id.
 */
export function completeContext(
  known: Pick<RequestContext, 'requestId' | 'traceId' | 'traceparent' | 'identity'>,
): void {
  const slot = storage.getStore();
  if (slot !== undefined) slot.context = { ...slot.context, ...known };
}
