import { invalidField } from '@libs/errors';
import {
  ApiKeyServiceService,
  ApiKeyStatus,
  type GrpcHandlers,
  GrpcService,
  type RecordApiKeyUsesRequest,
  type RecordApiKeyUsesResponse,
  type ResolveApiKeyRequest,
  type ResolveApiKeyResponse,
} from '@libs/grpc';
import { Access } from '@libs/trusted-headers';

import { Clock } from '../time/clock.js';
import { ApiKeyService } from './api-key.service.js';
import { ApiKeyStore } from './api-key.store.js';

const statuses = {
  active: ApiKeyStatus.ACTIVE,
  revoked: ApiKeyStatus.REVOKED,
  expired: ApiKeyStatus.EXPIRED,
  unknown: ApiKeyStatus.UNKNOWN,
} as const;

const nobodys = { apiKeyId: '', userId: '', tenantId: '', scopes: [], allowedAddresses: [], limits: [] };
const maxUses = 1_000;

@Access('service')
@GrpcService(ApiKeyServiceService)
export class ApiKeyGrpc implements GrpcHandlers<ApiKeyServiceService> {
  constructor(
    private readonly service: ApiKeyService,
    private readonly store: ApiKeyStore,
    private readonly clock: Clock,
  ) {}

  async resolveApiKey({ key, clientAddress }: ResolveApiKeyRequest): Promise<ResolveApiKeyResponse> {
    const resolved = await this.service.resolve(key, clientAddress ?? '');
    const status = statuses[resolved.status];
    if (resolved.status !== 'active') return { status, ...nobodys };
    const { id, userId, tenantId, scopes, allowedAddresses, limits } = resolved.apiKey;
    return {
      status,
      apiKeyId: id,
      userId,
      tenantId,
      scopes,
      expireTime: resolved.goodUntil ?? undefined,
      allowedAddresses: allowedAddresses ?? [],
      limits: [...(limits ?? [])],
    };
  }

  async recordApiKeyUses({ uses }: RecordApiKeyUsesRequest): Promise<RecordApiKeyUsesResponse> {
    if (uses.length > maxUses) throw invalidField('uses', 'TOO_MANY', `must be ${maxUses} at most`);
    // The clock of a gateway may be ahead, but nothing was used in the future.
    const now = this.clock.now();
    await this.store.recordUses(
      uses.map(({ apiKeyId, time = now, clientAddress }) => ({
        apiKeyId,
        time: time > now ? now : time,
        clientAddress: clientAddress.slice(0, 45),
      })),
    );
    return {};
  }
}
