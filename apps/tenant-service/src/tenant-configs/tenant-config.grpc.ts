import {
  type DeleteTenantConfigRequest,
  type DeleteTenantConfigResponse,
  type GetTenantConfigRequest,
  type GetTenantConfigResponse,
  type GrpcHandlers,
  GrpcService,
  type ListTenantConfigsRequest,
  type ListTenantConfigsResponse,
  type SetTenantConfigRequest,
  type SetTenantConfigResponse,
  TenantConfigServiceService,
} from '@libs/grpc';
import { ListQuery } from '@libs/persistence';
import { expectedVersion, validRequest } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { TenantIdField } from '../id.schema.js';
import { tenantConfigMessage } from './tenant-config-view.js';
import { ConfigPlace, ConfigValueJson } from './tenant-config.schema.js';
import { TenantConfigsService } from './tenant-configs.service.js';

@Access('service', { roles: ['platform-admin'] })
@GrpcService(TenantConfigServiceService)
export class TenantConfigGrpc implements GrpcHandlers<typeof TenantConfigServiceService> {
  constructor(private readonly configs: TenantConfigsService) {}

  async getTenantConfig(request: GetTenantConfigRequest): Promise<GetTenantConfigResponse> {
    const { tenantId, key } = validRequest(ConfigPlace, request);
    return { config: tenantConfigMessage(await this.configs.get(tenantId, key)) };
  }

  async listTenantConfigs(request: ListTenantConfigsRequest): Promise<ListTenantConfigsResponse> {
    const { tenantId } = validRequest(TenantIdField, request);
    const { pageSize, pageToken } = request;
    const query = validRequest(ListQuery, { pageSize: pageSize || undefined, pageToken });
    const { items, nextPageToken } = await this.configs.list(tenantId, query);
    return { configs: items.map(tenantConfigMessage), nextPageToken };
  }

  async setTenantConfig({ valueJson, etag, ...place }: SetTenantConfigRequest): Promise<SetTenantConfigResponse> {
    const { tenantId, key } = validRequest(ConfigPlace, place);
    const value = validRequest(ConfigValueJson, { valueJson }).valueJson;
    return { config: tenantConfigMessage(await this.configs.set(tenantId, key, expectedVersion(etag), value)) };
  }

  async deleteTenantConfig({ etag, ...place }: DeleteTenantConfigRequest): Promise<DeleteTenantConfigResponse> {
    const { tenantId, key } = validRequest(ConfigPlace, place);
    await this.configs.delete(tenantId, key, expectedVersion(etag));
    return {};
  }
}
