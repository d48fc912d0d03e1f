import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Database, newId, type Page, type PageRequest, TenantRepository } from '@libs/persistence';
import { currentContextOrNone } from '@libs/trusted-headers';

import { TenantConfigVersion } from './config-version.entity.js';
import { configVersionListing } from './config-version-listing.js';
import { SecretSealing } from './secret-sealing.js';
import type { TenantConfig } from './tenant-config.entity.js';

/** Every state of every setting, and who brought it there. */
@Injectable()
export class ConfigHistory {
  private readonly versions: TenantRepository<TenantConfigVersion>;

  constructor(
    database: Database,
    private readonly sealing: SecretSealing,
  ) {
    this.versions = new TenantRepository(database, TenantConfigVersion);
  }

  /** In the transaction of the change. What a secret was before it was one is encrypted with it. */
  async add(config: TenantConfig, isDeleted = false): Promise<void> {
    const { tenantId, configKey, version, valueJson, isSecret } = config;
    const number = isDeleted ? version + 1 : version;
    const state = isDeleted ? { valueJson: '', isSecret: false } : { valueJson, isSecret: isSecret === true };
    await this.versions.insert({ id: newId(), tenantId, configKey, number, ...state, isDeleted, actor: actor() });
    if (state.isSecret) await this.sealing.seal(configKey, [tenantId]);
  }

  /** For a setting that was written before there was a history. */
  async addMissing(config: TenantConfig): Promise<void> {
    const { tenantId, configKey, version: number, valueJson } = config;
    if ((await this.find(tenantId, configKey, number)) !== undefined) return;
    const state = { valueJson, isSecret: config.isSecret === true, isDeleted: false, actor: '' };
    await this.versions.insert({ id: newId(), tenantId, configKey, number, ...state, createdAt: config.updatedAt });
  }

  list(tenantId: string, configKey: string, request: PageRequest): Promise<Page<TenantConfigVersion>> {
    const versions = this.versions.query(tenantId, 'version').andWhere('version.configKey = :configKey', { configKey });
    return configVersionListing.page(versions, request);
  }

  async get(tenantId: string, configKey: string, number: number): Promise<TenantConfigVersion> {
    const found = await this.find(tenantId, configKey, number);
    if (found === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
    return found;
  }

  /** 0 where there was never such a setting. */
  async lastNumber(tenantId: string, configKey: string): Promise<number> {
    const { items } = await this.list(tenantId, configKey, { pageSize: 1 });
    return items[0]?.number ?? 0;
  }

  private find(tenantId: string, configKey: string, number: number): Promise<TenantConfigVersion | undefined> {
    return this.versions.findOne(tenantId, { configKey, number });
  }
}

function actor(): string {
  const identity = currentContextOrNone()?.identity;
  return identity === undefined || identity.userId !== '' ? (identity?.userId ?? '') : identity.userName;
}
