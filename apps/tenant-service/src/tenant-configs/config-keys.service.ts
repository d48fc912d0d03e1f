import { Injectable } from '@nestjs/common';

import { Audit } from '@libs/audit';
import { Refusal } from '@libs/errors';
import {
  agreedVersion,
  Database,
  type ExpectedVersion,
  isExpectedNew,
  newId,
  type Page,
  type PageRequest,
  VersionedRepository,
} from '@libs/persistence';

import { SecretSealing } from './secret-sealing.js';
import { ConfigKeyDefinition } from './config-key.entity.js';
import { configKeyListing } from './config-key-listing.js';
import type { SetConfigKey } from './config-key.schema.js';

/** What the settings of tenants may hold. */
@Injectable()
export class ConfigKeysService {
  private readonly keys: VersionedRepository<ConfigKeyDefinition>;

  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly sealing: SecretSealing,
  ) {
    this.keys = new VersionedRepository(database, ConfigKeyDefinition);
  }

  list(request: PageRequest): Promise<Page<ConfigKeyDefinition>> {
    return configKeyListing.page(this.keys.query('key'), request);
  }

  async get(configKey: string): Promise<ConfigKeyDefinition> {
    const found = await this.find(configKey);
    if (found === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
    return found;
  }

  find(configKey: string): Promise<ConfigKeyDefinition | undefined> {
    return this.keys.findOne({ configKey });
  }

  /**
   * A schema holds for values that are written from now on. A key that becomes secret is shown by no list at once, and what
   * was written before is encrypted in the moments that follow.
   */
  set(configKey: string, version: ExpectedVersion | undefined, input: SetConfigKey): Promise<ConfigKeyDefinition> {
    const { description, schema: valueSchema, secret: isSecret } = input;
    const fields = { description, valueSchema, isSecret };
    return this.database.transaction(async () => {
      const existing = await this.find(configKey);
      if (existing === undefined && !isExpectedNew(version)) throw new Refusal('RESOURCE_CHANGED');
      await this.audit.record({ action: 'config-key.set', target: configKey, tenantId: '' });
      if (isSecret) this.database.afterCommit(() => this.sealing.begin());
      return existing === undefined
        ? this.keys.insert({ id: newId(), configKey, ...fields })
        : this.keys.update(existing.id, version, fields);
    });
  }

  async delete(configKey: string, version: ExpectedVersion | undefined): Promise<void> {
    await this.database.transaction(async (manager) => {
      const { id, version: found } = await this.get(configKey);
      const { affected } = await manager.delete(ConfigKeyDefinition, { id, version: agreedVersion(version, found) });
      if (affected !== 1) throw new Refusal('RESOURCE_CHANGED');
      await this.audit.record({ action: 'config-key.deleted', target: configKey, tenantId: '' });
    });
  }
}
