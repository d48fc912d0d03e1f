import type { OnApplicationShutdown } from '@nestjs/common';

import type { Identity } from '@libs/trusted-headers';

import type { GatewayContext } from '../../request/gateway-context.js';
import { Accounts } from './accounts.js';
import { ClaimedAccounts } from './claimed-accounts.js';
import type { GrpcAccounts } from './grpc-accounts.js';

/** Asks for accounts if the configuration that the request goes by wants it. */
export class ConfiguredAccounts extends Accounts implements OnApplicationShutdown {
  private readonly claimed = new ClaimedAccounts();
  private known: GrpcAccounts | undefined;

  constructor(private readonly ask: () => GrpcAccounts) {
    super();
  }

  resolve(identity: Identity, tenantId: string, context: GatewayContext): Promise<Identity> | Identity {
    const { resolver } = context.snapshot.configuration.accounts;
    if (resolver === 'none') return this.claimed.resolve(identity, tenantId);
    this.known ??= this.ask();
    return this.known.resolve(identity, tenantId, context);
  }

  onApplicationShutdown(): void {
    this.known?.onApplicationShutdown();
  }
}
