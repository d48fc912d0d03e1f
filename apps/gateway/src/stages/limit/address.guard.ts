import type { ServerResponse } from 'node:http';

import { Injectable } from '@nestjs/common';

import type { GatewayContext } from '../../request/gateway-context.js';
import { LimitsGuard } from './limits.guard.js';

/** Before anybody is identified: who may call by address, and how often, so that guessing credentials is not free. */
@Injectable()
export class AddressGuard extends LimitsGuard {
  protected override limit(context: GatewayContext, response: ServerResponse): void {
    const { addressRules } = context.snapshot;
    addressRules.check(context.clientAddress);
    if (addressRules.limits.length === 0) return;
    context.deferredAddressLimit = { spend: (owing) => this.spend(owing, response, addressRules.limits) };
  }
}
