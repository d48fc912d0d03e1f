import type { GatewayContext } from './gateway-context.js';

/**
 * The limits of an address, owed by a request that has not spent from them yet. Whoever is known already pays
 * together with its other limits, in one call; everybody else before anything is done that costs more than
 * looking into this process's memory, and before hearing why they were refused.
 */
export interface DeferredAddressLimit {
  /** Refuses when the address has spent too much. */
  spend(context: GatewayContext): Promise<void>;
}

/** Call this before asking anybody, or computing anything, about credentials that may be guesses. */
export async function spendDeferredAddressLimit(context: GatewayContext): Promise<void> {
  const { deferredAddressLimit } = context;
  context.deferredAddressLimit = undefined;
  await deferredAddressLimit?.spend(context);
}
