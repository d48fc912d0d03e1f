import type { TenantConfig as TenantConfigMessage } from '@libs/grpc';
import { etag } from '@libs/service';

import type { TenantConfigVersion } from './config-version.entity.js';
import type { ReadConfig } from './tenant-configs.service.js';

export interface TenantConfigView {
  readonly tenantId: string;
  readonly key: string;
  /** Null in a list, where it is secret. */
  readonly value: unknown;
  readonly secret?: true;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const viewTenantConfig = ({ config, isSecret, json }: ReadConfig): TenantConfigView => ({
  tenantId: config.tenantId,
  key: config.configKey,
  value: json === undefined ? null : JSON.parse(json),
  ...(isSecret ? { secret: true } : {}),
  createdAt: config.createdAt.toISOString(),
  updatedAt: config.updatedAt.toISOString(),
});

export const tenantConfigMessage = ({ config, isSecret, json }: ReadConfig): TenantConfigMessage => ({
  tenantId: config.tenantId,
  key: config.configKey,
  valueJson: json ?? '',
  updateTime: config.updatedAt,
  etag: etag(config.version),
  secret: isSecret ? true : undefined,
});

/** One state of a setting: who brought it there, when. Its value is read one at a time. */
export interface ConfigVersionView {
  readonly number: number;
  readonly actor: string;
  readonly secret: boolean;
  readonly deleted: boolean;
  readonly createdAt: string;
}

export const viewConfigVersion = (version: TenantConfigVersion): ConfigVersionView => ({
  number: version.number,
  actor: version.actor,
  secret: version.isSecret,
  deleted: version.isDeleted,
  createdAt: version.createdAt.toISOString(),
});
