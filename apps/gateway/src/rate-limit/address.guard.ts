import { Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { InjectThrottlerOptions, InjectThrottlerStorage, type ThrottlerModuleOptions } from '@nestjs/throttler';

import type { Snapshot } from '../configuration/snapshot.js';
import { Snapshots } from '../configuration/snapshots.js';
import type { GatewayContext } from '../gateway-context.js';
import type { NamedRateLimit } from '../route/route.model.js';
import { AddressRules } from './address-rules.js';
import { LimitsGuard } from './limits.guard.js';
import { RateLimiterStorage } from './rate-limiter-storage.js';

/** Before anybody is identified: who may call by address, and how often, so that guessing credentials is not free. */
@Injectable()
export class AddressGuard extends LimitsGuard {
  private compiled: { readonly from: Snapshot; readonly rules: AddressRules } | undefined;

  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() storage: RateLimiterStorage,
    reflector: Reflector,
    private readonly snapshots: Snapshots,
  ) {
    super(options, storage, reflector);
  }

  protected override limitsFor(context: GatewayContext): readonly NamedRateLimit[] {
    const { current } = this.snapshots;
    if (this.compiled?.from !== current) {
      this.compiled = { from: current, rules: new AddressRules(current.configuration) };
    }
    this.compiled.rules.check(context.clientAddress);
    return this.compiled.rules.limits;
  }
}
