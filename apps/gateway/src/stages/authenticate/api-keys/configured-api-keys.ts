import type { BeforeApplicationShutdown } from '@nestjs/common';

import type { GatewayContext } from '../../../request/gateway-context.js';
import { type ApiKeyOwner, ApiKeys } from './api-keys.js';
import type { GrpcApiKeys } from './grpc-api-keys.js';
import { NoApiKeys } from './no-api-keys.js';

/** Takes API keys if the configuration that the request goes by does. */
export class ConfiguredApiKeys extends ApiKeys implements BeforeApplicationShutdown {
  private readonly none = new NoApiKeys();
  private known: GrpcApiKeys | undefined;

  constructor(private readonly resolve: () => GrpcApiKeys) {
    super();
  }

  identify(key: string, context: GatewayContext): Promise<ApiKeyOwner> {
    const { resolver } = context.snapshot.configuration.authentication.apiKeys;
    if (resolver === 'none') return this.none.identify();
    this.known ??= this.resolve();
    return this.known.identify(key, context);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.known?.close();
  }
}
