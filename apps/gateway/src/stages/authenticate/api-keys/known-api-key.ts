import { type ApiKeyLimit, ApiKeyStatus, type ResolveApiKeyResponse } from '@libs/grpc';

import { Networks } from '../../../http/networks.js';
import { policyField } from '../../../limits/rate-limit-fields.js';
import type { RouteLimit } from '../../../limits/route-limit.js';
import type { ApiKeyOwner } from './api-keys.js';
import { rejected } from '../credentials/challenge.js';
import type { TokenClock } from '../tokens/token-clock.js';

/** What auth-service has told about a key, ready for the requests to come. */
export class KnownApiKey {
  readonly apiKeyId: string;
  readonly owner: ApiKeyOwner;
  private readonly networks: Networks;
  private readonly endsAt: number;

  constructor(private readonly told: ResolveApiKeyResponse) {
    const { apiKeyId, userId, tenantId, scopes, limits, allowedAddresses, expireTime } = told;
    this.apiKeyId = apiKeyId;
    this.owner = { apiKeyId, userId, tenantId, scopes, limits: limits.map((limit) => limitOf(apiKeyId, limit)) };
    this.networks = new Networks(allowedAddresses);
    this.endsAt = expireTime?.getTime() ?? Infinity;
  }

  /**
   * Refuses what is over, and what comes from elsewhere: in the words for any bad key, because whoever has found a key
   * need not learn that it would be good somewhere else.
   */
  check(clientAddress: string, clock: TokenClock): void {
    const { status, apiKeyId, userId, tenantId } = this.told;
    if (status !== ApiKeyStatus.ACTIVE) throw rejected(`the API key is ${ApiKeyStatus[status]}`);
    // Without a tenant it would be good in every one of its owner's.
    if (apiKeyId === '' || userId === '' || tenantId === '') throw rejected('the API key names nobody, or no tenant');
    if (this.endsAt <= clock.latest()) {
      clock.refuseIfOff();
      throw rejected('the API key has expired');
    }
    if (!this.networks.isEmpty && !this.networks.has(clientAddress)) {
      throw rejected('the API key may not be used from this address');
    }
  }
}

function limitOf(apiKeyId: string, { requests, windowSeconds }: ApiKeyLimit): RouteLimit {
  const name = `own-${windowSeconds}s`;
  const policy = { name, algorithm: 'sliding-window', quota: requests, windowMs: windowSeconds * 1_000 } as const;
  const key = `api-key:${apiKeyId}`;
  return { name, policy, cost: 1, keyOf: () => key, policyField: policyField(policy) };
}
