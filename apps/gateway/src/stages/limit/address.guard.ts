import type { ServerResponse } from 'node:http';

import { Injectable } from '@nestjs/common';

import type { DeferredAddressLimit } from '../../request/deferred-address-limit.js';
import type { GatewayContext } from '../../request/gateway-context.js';
import { LimitsGuard } from './limits.guard.js';

/** Before anybody is identified: who may call by address, and how often, so that guessing credentials is not free. */
@Injectable()
export class AddressGuard extends LimitsGuard {
  protected override limit(context: GatewayContext, response: ServerResponse): void {
    const { addressRules } = context.snapshot;
    addressRules.check(context.clientAddress);
    if (addressRules.limits.length === 0) return;
    context.deferredAddressLimit = new OwedByAddress(this, response);
  }
}

/** An object and no closure: one is made for every request. */
class OwedByAddress implements DeferredAddressLimit {
  constructor(
    private readonly guard: AddressGuard,
    private readonly response: ServerResponse,
  ) {}

  spend(context: GatewayContext): Promise<void> {
    return this.guard.spend(context, this.response, context.snapshot.addressRules.limits);
  }
}
