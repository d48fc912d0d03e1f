import { Refusal } from '@libs/errors';
import { runInContext } from '@libs/trusted-headers';

import { type GatewayContext, requestContextOf } from './gateway-context.js';

/** Long enough for a slow moment, short enough that requests do not pile up behind a dead service. */
export const directoryDeadlineMs = 1_000;

/**
 * Asks another service about the caller, under the ids of the request. A service that cannot answer is an
 * outage of ours and never a verdict about the caller: 503, so that nobody is logged out by it.
 */
export async function askDirectory<T>(context: GatewayContext, ask: () => Promise<T>): Promise<T> {
  try {
    return await runInContext(requestContextOf(context), ask);
  } catch (cause) {
    // That one is a verdict about the caller: too many wrong secrets from this address.
    if (cause instanceof Refusal && cause.code === 'RATE_LIMITED') throw cause;
    throw identityUnavailable(String(cause), cause);
  }
}

export const identityUnavailable = (reason: string, cause?: unknown): Refusal =>
  new Refusal('SERVICE_UNAVAILABLE', { headers: { 'retry-after': '1' }, internal: reason, cause });
