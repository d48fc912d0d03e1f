import {
  type DeleteConfigKeyRequest,
  type DeleteConfigKeyResponse,
  type DeleteTenantConfigRequest,
  type DeleteTenantConfigResponse,
  type GetConfigKeyRequest,
  type GetConfigKeyResponse,
  type GetTenantConfigRequest,
  type GetTenantConfigResponse,
  type GetTenantConfigVersionRequest,
  type GetTenantConfigVersionResponse,
  type GrpcHandlers,
  GrpcService,
  type ListConfigKeysRequest,
  type ListConfigKeysResponse,
  type ListTenantConfigsRequest,
  type ListTenantConfigsResponse,
  type ListTenantConfigVersionsRequest,
  type ListTenantConfigVersionsResponse,
  type SetConfigKeyRequest,
  type SetConfigKeyResponse,
  type SetTenantConfigRequest,
  type SetTenantConfigResponse,
  TenantConfigServiceService,
} from '@libs/grpc';
import { ListQuery } from '@libs/persistence';
import { expectedVersion, validRequest } from '@libs/service';
import { Access } from '@libs/trusted-headers';
import { z } from 'zod';

import { TenantIdField } from '../ids/id.schema.js';
import { tenantConfigMessage } from './tenant-config-view.js';
import { ConfigKey, ConfigNumber, ConfigPlace, ConfigValueJson, jsonText } from './tenant-config.schema.js';
import { configKeyMessage } from './config-key-view.js';
import { SetConfigKey } from './config-key.schema.js';
import { ConfigKeysService } from './config-keys.service.js';
import type { TenantConfigVersion } from './config-version.entity.js';
import { ConfigVersionsService } from './config-versions.service.js';
import { TenantConfigsService } from './tenant-configs.service.js';

@Access('service', { roles: ['platform-admin'] })
@GrpcService(TenantConfigServiceService)
export class TenantConfigGrpc implements GrpcHandlers<typeof TenantConfigServiceService> {
  constructor(
    private readonly configs: TenantConfigsService,
    private readonly versions: ConfigVersionsService,
    private readonly keys: ConfigKeysService,
  ) {}

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

  async setTenantConfig({
    valueJson,
    etag,
    secret = false,
    ...place
  }: SetTenantConfigRequest): Promise<SetTenantConfigResponse> {
    const { tenantId, key } = validRequest(ConfigPlace, place);
    const value = validRequest(ConfigValueJson, { valueJson }).valueJson;
    const set = await this.configs.set(tenantId, key, expectedVersion(etag), { value, secret });
    return { config: tenantConfigMessage(set) };
  }

  async deleteTenantConfig({ etag, ...place }: DeleteTenantConfigRequest): Promise<DeleteTenantConfigResponse> {
    const { tenantId, key } = validRequest(ConfigPlace, place);
    await this.configs.delete(tenantId, key, expectedVersion(etag));
    return {};
  }

  async listTenantConfigVersions(request: ListTenantConfigVersionsRequest): Promise<ListTenantConfigVersionsResponse> {
    const { tenantId, key } = validRequest(ConfigPlace, request);
    const query = pageOf(request);
    const { items, nextPageToken } = await this.versions.list(tenantId, key, query);
    return { versions: items.map(versionMessage), nextPageToken };
  }

  async getTenantConfigVersion(request: GetTenantConfigVersionRequest): Promise<GetTenantConfigVersionResponse> {
    const { tenantId, key } = validRequest(ConfigPlace, request);
    const { number } = validRequest(z.object({ number: ConfigNumber }), request);
    const { version, json } = await this.versions.get(tenantId, key, number);
    return { version: { ...versionMessage(version), valueJson: json ?? '' } };
  }

  async getConfigKey(request: GetConfigKeyRequest): Promise<GetConfigKeyResponse> {
    const { key } = validRequest(KeyField, request);
    return { key: configKeyMessage(await this.keys.get(key)) };
  }

  async listConfigKeys(request: ListConfigKeysRequest): Promise<ListConfigKeysResponse> {
    const { items, nextPageToken } = await this.keys.list(pageOf(request));
    return { keys: items.map(configKeyMessage), nextPageToken };
  }

  async setConfigKey({ key }: SetConfigKeyRequest): Promise<SetConfigKeyResponse> {
    const place = validRequest(KeyField, { key: key?.key });
    const schema = key?.schemaJson ? validRequest(SchemaJson, key).schemaJson : null;
    const input = validRequest(SetConfigKey, { description: key?.description, schema, secret: key?.secret });
    return { key: configKeyMessage(await this.keys.set(place.key, expectedVersion(key?.etag ?? ''), input)) };
  }

  async deleteConfigKey({ key, etag }: DeleteConfigKeyRequest): Promise<DeleteConfigKeyResponse> {
    const place = validRequest(KeyField, { key });
    await this.keys.delete(place.key, expectedVersion(etag));
    return {};
  }
}

const KeyField = z.object({ key: ConfigKey });
const SchemaJson = z.object({ schemaJson: jsonText });

const pageOf = ({ pageSize, pageToken }: { readonly pageSize: number; readonly pageToken: string }): ListQuery =>
  validRequest(ListQuery, { pageSize: pageSize || undefined, pageToken });

const versionMessage = (version: TenantConfigVersion) => ({
  number: version.number,
  actor: version.actor,
  secret: version.isSecret,
  deleted: version.isDeleted,
  createTime: version.createdAt,
  valueJson: '',
});
