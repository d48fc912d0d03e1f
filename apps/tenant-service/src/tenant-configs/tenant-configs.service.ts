import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Database, isUniqueViolation, newId, type Page, type PageRequest, TenantRepository } from '@libs/persistence';

import { TenantsService } from '../tenants/tenants.service.js';
import { TenantConfig } from './tenant-config.entity.js';
import { tenantConfigListing } from './tenant-config-listing.js';

/** The settings of tenants. A tenant that does not exist has none to read and takes none. */
@Injectable()
export class TenantConfigsService {
  private readonly configs: TenantRepository<TenantConfig>;

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantsService,
  ) {
    this.configs = new TenantRepository(database, TenantConfig);
  }

  async list(tenantId: string, request: PageRequest): Promise<Page<TenantConfig>> {
    await this.tenants.get(tenantId);
    return tenantConfigListing.page(this.configs.query(tenantId, 'config'), request);
  }

  async get(tenantId: string, configKey: string): Promise<TenantConfig> {
    const config = await this.configs.findOne(tenantId, { configKey });
    if (config === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
    return config;
  }

  /** Makes the setting or replaces its value. Somebody who expects a version expects it to be there. */
  set(tenantId: string, configKey: string, version: number | undefined, value: unknown): Promise<TenantConfig> {
    const valueJson = JSON.stringify(value);
    return this.database.transaction(async () => {
      await this.tenants.get(tenantId);
      const replaced = await this.replace(tenantId, configKey, version, valueJson);
      if (replaced !== undefined) return replaced;
      if (version !== undefined) throw new Refusal('RESOURCE_CHANGED');

      return this.configs.insert({ id: newId(), tenantId, configKey, valueJson }).catch(async (error: unknown) => {
        // Somebody else has made it since: then the later of two writers replaces it.
        const late = isUniqueViolation(error) ? await this.replace(tenantId, configKey, version, valueJson) : undefined;
        if (late === undefined) throw error;
        return late;
      });
    });
  }

  async delete(tenantId: string, configKey: string, version: number | undefined): Promise<void> {
    await this.database.transaction(async (manager) => {
      const { id, version: found } = await this.get(tenantId, configKey);
      const { affected } = await manager.delete(TenantConfig, { id, tenantId, version: version ?? found });
      if (affected !== 1) throw new Refusal('RESOURCE_CHANGED');
    });
  }

  private async replace(
    tenantId: string,
    configKey: string,
    version: number | undefined,
    valueJson: string,
  ): Promise<TenantConfig | undefined> {
    const existing = await this.configs.findOne(tenantId, { configKey });
    return existing && this.configs.update(tenantId, existing.id, version, { valueJson });
  }
}
