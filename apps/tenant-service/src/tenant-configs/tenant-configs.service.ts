import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';

import { Audit } from '@libs/audit';
import { Refusal } from '@libs/errors';
import {
  Database,
  isUniqueViolation,
  newId,
  type Page,
  type PageRequest,
  TenantRepository,
  agreedVersion,
  type ExpectedVersion,
  isExpectedNew,
} from '@libs/persistence';

import { ConfigKeyDefinition } from './config-key.entity.js';
import { ConfigKeysService } from './config-keys.service.js';
import { refuseUnlessFits } from './value-schema.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { ConfigHistory } from './config-history.js';
import { ConfigValues } from './config-values.js';
import { TenantConfig } from './tenant-config.entity.js';
import { tenantConfigListing } from './tenant-config-listing.js';
import type { SetTenantConfig } from './tenant-config.schema.js';

/** A setting, and whether lists keep its value to themselves. */
export interface ReadConfig {
  readonly config: TenantConfig;
  readonly isSecret: boolean;
  /** JSON in clear; undefined where it must not be shown. */
  readonly json: string | undefined;
}

/** The settings of tenants. A tenant that does not exist has none to read and takes none. */
@Injectable()
export class TenantConfigsService {
  private readonly configs: TenantRepository<TenantConfig>;

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantsService,
    private readonly keys: ConfigKeysService,
    private readonly history: ConfigHistory,
    private readonly values: ConfigValues,
    private readonly audit: Audit,
  ) {
    this.configs = new TenantRepository(database, TenantConfig);
  }

  /** No secret is in it. */
  async list(tenantId: string, request: PageRequest): Promise<Page<ReadConfig>> {
    await this.tenants.get(tenantId);
    const { items, nextPageToken } = await tenantConfigListing.page(this.configs.query(tenantId, 'config'), request);
    const secretKeys = await this.secretAmong(items.map(({ configKey }) => configKey));
    const listed = items.map((config) => {
      const isSecret = config.isSecret === true || secretKeys.has(config.configKey);
      return { config, isSecret, json: isSecret ? undefined : config.valueJson };
    });
    return { items: listed, nextPageToken };
  }

  async get(tenantId: string, configKey: string): Promise<ReadConfig> {
    const config = await this.configs.findOne(tenantId, { configKey });
    if (config === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
    return this.read(config);
  }

  /** Makes the setting or replaces its value. Somebody who expects a version expects it to be there. */
  set(
    tenantId: string,
    configKey: string,
    version: ExpectedVersion | undefined,
    input: SetTenantConfig,
  ): Promise<ReadConfig & { readonly isNew: boolean }> {
    return this.database.transaction(async () => {
      await this.tenants.get(tenantId);
      const definition = await this.keys.find(configKey);
      const schema = definition?.valueSchema ?? null;
      if (schema !== null) refuseUnlessFits(schema, input.value);

      const json = JSON.stringify(input.value);
      const isSecret = input.secret || definition?.isSecret === true;
      const written = await this.write(tenantId, configKey, version, { json, isSecret });
      await this.history.add(written.config);
      await this.audit.record({ action: 'tenant-config.set', target: configKey, tenantId });
      return { ...(await this.read(written.config)), isNew: written.isNew };
    });
  }

  async delete(tenantId: string, configKey: string, version: ExpectedVersion | undefined): Promise<void> {
    await this.database.transaction(async () => {
      const { config } = await this.get(tenantId, configKey);
      const { id, version: found } = config;
      const seen = { id, version: agreedVersion(version, found) };
      if ((await this.configs.delete(tenantId, seen)) !== 1) throw new Refusal('RESOURCE_CHANGED');
      await this.history.addMissing(config);
      await this.history.add(config, true);
      await this.audit.record({ action: 'tenant-config.deleted', target: configKey, tenantId });
    });
  }

  private async write(tenantId: string, configKey: string, version: ExpectedVersion | undefined, value: ClearValue) {
    const replaced = await this.replace(tenantId, configKey, version, value);
    if (replaced !== undefined) return { config: replaced, isNew: false };
    if (!isExpectedNew(version)) throw new Refusal('RESOURCE_CHANGED');

    // A setting that comes back goes on counting: its history has every number once.
    const next = (await this.history.lastNumber(tenantId, configKey)) + 1;
    const { json, isSecret } = value;
    const valueJson = this.values.keep(tenantId, configKey, json, isSecret);
    return this.configs
      .insert({ id: newId(), tenantId, configKey, version: next, valueJson, isSecret })
      .then((config) => ({ config, isNew: true }))
      .catch(async (error: unknown) => {
        // Somebody else has made it since: then the later of two writers replaces it.
        const late = isUniqueViolation(error) ? await this.replace(tenantId, configKey, version, value) : undefined;
        if (late === undefined) throw error;
        return { config: late, isNew: false };
      });
  }

  private async replace(
    tenantId: string,
    configKey: string,
    version: ExpectedVersion | undefined,
    { json, isSecret }: ClearValue,
  ): Promise<TenantConfig | undefined> {
    const existing = await this.configs.findOne(tenantId, { configKey });
    if (existing === undefined) return undefined;
    const stays = isSecret || existing.isSecret === true;
    const valueJson = this.values.keep(tenantId, configKey, json, stays);
    const config = await this.configs.update(tenantId, existing.id, version, { valueJson, isSecret: stays });
    // The row is held since the update, so nobody else is adding the same state.
    if (existing.version === config.version - 1) await this.history.addMissing(existing);
    return config;
  }

  private async read(config: TenantConfig): Promise<ReadConfig> {
    const secretKeys = await this.secretAmong([config.configKey]);
    const isSecret = config.isSecret === true || secretKeys.has(config.configKey);
    return { config, isSecret, json: this.values.read(config) };
  }

  private async secretAmong(configKeys: readonly string[]): Promise<ReadonlySet<string>> {
    const where = { configKey: In(configKeys), isSecret: true };
    const secret = await this.database.manager.findBy(ConfigKeyDefinition, where);
    return new Set(secret.map(({ configKey }) => configKey));
  }
}

interface ClearValue {
  readonly json: string;
  readonly isSecret: boolean;
}
