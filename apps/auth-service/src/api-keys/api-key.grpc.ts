import {
  ApiKeyServiceService,
  ApiKeyStatus,
  type GrpcHandlers,
  GrpcService,
  type ResolveApiKeyRequest,
  type ResolveApiKeyResponse,
} from '@libs/grpc';
import { Access } from '@libs/trusted-headers';

import { ApiKeyService } from './api-key.service.js';

const statuses = {
  active: ApiKeyStatus.ACTIVE,
  revoked: ApiKeyStatus.REVOKED,
  expired: ApiKeyStatus.EXPIRED,
  unknown: ApiKeyStatus.UNKNOWN,
} as const;

@Access('service')
@GrpcService(ApiKeyServiceService)
export class ApiKeyGrpc implements GrpcHandlers<ApiKeyServiceService> {
  constructor(private readonly apiKeys: ApiKeyService) {}

  async resolveApiKey({ key, clientAddress }: ResolveApiKeyRequest): Promise<ResolveApiKeyResponse> {
    const resolved = await this.apiKeys.resolve(key, clientAddress ?? '');
    const status = statuses[resolved.status];
    if (resolved.status !== 'active') return { status, apiKeyId: '', userId: '', tenantId: '', scopes: [] };
    const { id, userId, tenantId, scopes, expiresAt } = resolved.apiKey;
    return { status, apiKeyId: id, userId, tenantId, scopes, expireTime: expiresAt ?? undefined };
  }
}
