import { createHash } from 'node:crypto';

import { readApiKey } from '@libs/api-keys';
import { FreshCache } from '@libs/caches';
import type { EventBus } from '@libs/events';
import type { ApiKeyServiceService, GrpcClient } from '@libs/grpc';

import type { GatewayContext } from '../../../request/gateway-context.js';
import { spendDeferredAddressLimit } from '../../../request/deferred-address-limit.js';
import { ApiKeyUses } from './api-key-uses.js';
import { type ApiKeyOwner, ApiKeys } from './api-keys.js';
import { askDirectory, directoryDeadlineMs } from '../../../request/ask-directory.js';
import { rejected } from '../credentials/challenge.js';
import { KnownApiKey } from './known-api-key.js';
import type { TokenClock } from '../tokens/token-clock.js';

type ApiKeyClient = Pick<GrpcClient<typeof ApiKeyServiceService>, 'resolveApiKey' | 'recordApiKeyUses'>;

const maxApiKeys = 50_000;

/** API keys as auth-service knows them, remembered under their hash until it tells of a change. */
export class GrpcApiKeys extends ApiKeys {
  private readonly keys: FreshCache<KnownApiKey>;
  private readonly uses: ApiKeyUses;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly client: ApiKeyClient,
    bus: EventBus,
    private readonly clock: TokenClock,
  ) {
    super();
    this.uses = new ApiKeyUses(client, () => clock.latest());
    this.keys = new FreshCache({ name: 'api-keys', bus, maxEntries: maxApiKeys, tagsOf: ({ apiKeyId }) => [apiKeyId] });
    this.unsubscribe = bus.subscribe(['api-key.revoked', 'api-key.changed'], ({ payload }) =>
      this.keys.invalidate(payload.apiKeyId),
    );
  }

  async identify(key: string, context: GatewayContext): Promise<ApiKeyOwner> {
    const hash = createHash('sha256').update(key).digest('base64');
    const found = this.keys.known(hash) ?? (await this.ask(key, hash, context));
    found.check(context.clientAddress, this.clock);
    this.uses.note(found.apiKeyId, context.clientAddress);
    return found.owner;
  }

  /** What was mistyped or made up shows that by its checksum: nobody is asked about it. */
  private async ask(key: string, hash: string, context: GatewayContext): Promise<KnownApiKey> {
    await spendDeferredAddressLimit(context);
    if (readApiKey(key) === undefined) throw rejected('the checksum of the API key is wrong');
    return this.keys.get(hash, async () => {
      const { clientAddress } = context;
      const options = { as: 'service', deadlineMs: directoryDeadlineMs } as const;
      return new KnownApiKey(
        await askDirectory(context, () => this.client.resolveApiKey({ key, clientAddress }, options)),
      );
    });
  }

  /** While auth-service can still be told. */
  async close(): Promise<void> {
    this.unsubscribe();
    this.keys.close();
    await this.uses.close();
  }
}
