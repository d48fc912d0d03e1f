import type { Identity } from '@libs/trusted-headers';

import type { GatewayContext } from '../../request/gateway-context.js';

/** Tells who a caller is in the tenant that they act in. */
export abstract class Accounts {
  /**
   * The identity, completed with name, roles and tenant. Refuses when the user or the tenant is not active, or
   * when the user does not belong to the tenant. An empty `tenantId` asks for the user's own.
   */
  abstract resolve(identity: Identity, tenantId: string, context: GatewayContext): Promise<Identity> | Identity;
}
