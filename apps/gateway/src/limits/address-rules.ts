import { Refusal } from '@libs/errors';

import type { GatewayConfiguration } from '../configuration/schema/gateway-configuration.schema.js';
import { Networks } from '../http/networks.js';
import { compileLimits, type RouteLimit } from './route-limit.js';

/** What a configuration says about callers by their address alone. */
export class AddressRules {
  readonly limits: readonly RouteLimit[];
  private readonly allow: Networks | undefined;
  private readonly deny: Networks;

  constructor(configuration: GatewayConfiguration) {
    const { allow, deny, rateLimits } = configuration.addresses;
    this.allow = allow === undefined ? undefined : new Networks(allow);
    this.deny = new Networks(deny);
    this.limits = compileLimits(configuration, rateLimits);
  }

  /** An address that cannot be read is in no network: it passes no allow list. */
  check(address: string): void {
    if (!this.deny.isEmpty && this.deny.has(address)) {
      throw new Refusal('ACCESS_ADDRESS_DENIED', { internal: 'on the deny list' });
    }
    if (this.allow !== undefined && !this.allow.has(address)) {
      throw new Refusal('ACCESS_ADDRESS_DENIED', { internal: 'not on the allow list' });
    }
  }
}
