import type { TenantConfig as TenantConfigMessage } from '@libs/grpc';
import { etag } from '@libs/service';

import type { TenantConfig } from './tenant-config.entity.js';

export interface TenantConfigView {
  readonly tenantId: string;
  readonly key: string;
  readonly value: unknown;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const viewTenantConfig = (config: TenantConfig): TenantConfigView => ({
  tenantId: config.tenantId,
  key: config.configKey,
  value: JSON.parse(config.valueJson),
  createdAt: config.createdAt.toISOString(),
  updatedAt: config.updatedAt.toISOString(),
});

export const tenantConfigMessage = (config: TenantConfig): TenantConfigMessage => ({
  tenantId: config.tenantId,
  key: config.configKey,
  valueJson: config.valueJson,
  updateTime: config.updatedAt,
  etag: etag(config.version),
});
