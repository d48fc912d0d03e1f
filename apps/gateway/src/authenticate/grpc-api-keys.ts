import { createHash } from 'node:crypto';

import type { OnApplicationShutdown } from '@nestjs/common';

import { ApiKeyServiceService, ApiKeyStatus, type GrpcClient, type ResolveApiKeyResponse } from '@libs/grpc';
import { type EventBus, FreshCache } from '@libs/redis';

import type { GatewayContext } from '../gateway-context.js';
import { payToll } from '../rate-limit/toll.js';
import { type ApiKeyOwner, ApiKeys } from './api-keys.js';
import { askDirectory, directoryDeadlineMs } from './ask-directory.js';
import { rejected } from './challenge.js';

type ApiKeyClient = Pick<GrpcClient<typeof ApiKeyServiceService>, 'resolveApiKey'>;

const maxApiKeys = 50_000;

/** API keys as auth-service knows them, remembered under their hash until it tells of their revocation. */
export class GrpcApiKeys extends ApiKeys implements OnApplicationShutdown {
  private readonly keys: FreshCache<ResolveApiKeyResponse>;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly client: ApiKeyClient,
    bus: EventBus,
    private readonly clock: () => number = Date.now,
  ) {
    super();
    this.keys = new FreshCache({ bus, maxEntries: maxApiKeys, tagsOf: ({ apiKeyId }) => [apiKeyId] });
    this.unsubscribe = bus.subscribe(['api-key.revoked'], ({ payload }) => this.keys.invalidate(payload.apiKeyId));
  }

  async identify(key: string, context: GatewayContext): Promise<ApiKeyOwner> {
    const hash = createHash('sha256').update(key).digest('base64');
    const found = this.keys.known(hash) ?? (await this.ask(key, hash, context));
    if (found.status !== ApiKeyStatus.ACTIVE) throw rejected(`the API key is ${ApiKeyStatus[found.status]}`);
    if (found.expireTime !== undefined && found.expireTime.getTime() <= this.clock()) {
      throw rejected('the API key has expired');
    }
    return found;
  }

  private async ask(key: string, hash: string, context: GatewayContext): Promise<ResolveApiKeyResponse> {
    await payToll(context);
    return this.keys.get(hash, () =>
      askDirectory(context, () =>
        this.client.resolveApiKey(
          { key, clientAddress: context.clientAddress },
          { as: 'service', deadlineMs: directoryDeadlineMs },
        ),
      ),
    );
  }

  onApplicationShutdown(): void {
    this.unsubscribe();
    this.keys.close();
  }
}
