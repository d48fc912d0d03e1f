import type { ServerResponse } from 'node:http';

import type { GatewayContext } from '../../request/gateway-context.js';
import type { AddressGuard } from './address.guard.js';

/**
 * The limits of an address, owed by a request that has not spent from them yet. Whoever is known already pays
 * together with its other limits, in one call; everybody else before anything is done that costs more than
 * looking into this process's memory, and before hearing why they were refused.
 */
export class Toll {
  constructor(
    private readonly guard: AddressGuard,
    private readonly response: ServerResponse,
  ) {}

  /** Refuses when the address has spent too much. */
  async pay(context: GatewayContext): Promise<void> {
    context.toll = undefined;
    await this.guard.spend(context, this.response, context.snapshot.addressRules.limits);
  }
}

/** Call this before asking anybody, or computing anything, about credentials that may be guesses. */
export async function payToll(context: GatewayContext): Promise<void> {
  await context.toll?.pay(context);
}
