import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { In, IsNull, MoreThan } from 'typeorm';

import { Database } from '@libs/persistence';

import { ConfigKeyDefinition } from './config-key.entity.js';
import { Tenant } from '../tenants/tenant.entity.js';
import { ConfigValues } from './config-values.js';
import { TenantConfigVersion } from './config-version.entity.js';
import { TenantConfig } from './tenant-config.entity.js';

const tenantsAtOnce = 200;

/**
 * Encrypts what was written before it was secret, in settings and in their history: when a key becomes secret, and at
 * each start, for what was interrupted or written by an older version meanwhile. No version is counted: nothing changes
 * that anybody could read.
 */
@Injectable()
export class SecretSealing implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SecretSealing.name);
  private isStopping = false;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly values: ConfigValues,
  ) {}

  onApplicationBootstrap(): void {
    this.begin();
  }

  /** In the background, once more if it is running. */
  begin(): void {
    this.work = this.work.then(() => this.run()).catch((error: unknown) => this.logger.error(error));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.work;
  }

  /** Tells how many rows were plain. */
  seal(configKey: string, tenantIds: readonly string[]): Promise<number> {
    return this.database.transaction(async (manager) => {
      const ofKey = { tenantId: In(tenantIds), configKey };
      const plain = [
        { ...ofKey, isSecret: false },
        { ...ofKey, isSecret: IsNull() },
      ];
      const configs = await manager.findBy(TenantConfig, plain);
      for (const { id, tenantId, version, valueJson } of configs) {
        // Whoever writes meanwhile encrypts by themselves.
        await manager.update(TenantConfig, { id, tenantId, version }, this.sealed(tenantId, configKey, valueJson));
      }
      const states = await manager.findBy(TenantConfigVersion, { ...ofKey, isSecret: false, isDeleted: false });
      for (const { id, tenantId, valueJson } of states) {
        await manager.update(TenantConfigVersion, { id, tenantId }, this.sealed(tenantId, configKey, valueJson));
      }
      return configs.length + states.length;
    });
  }

  private async run(): Promise<void> {
    for (const { configKey } of await this.database.manager.findBy(ConfigKeyDefinition, { isSecret: true })) {
      let count = 0;
      for await (const tenantIds of this.tenants()) count += await this.seal(configKey, tenantIds);
      if (count > 0) this.logger.log({ msg: 'settings encrypted', key: configKey, count });
    }
  }

  private async *tenants(): AsyncGenerator<readonly string[]> {
    for (let last = ''; !this.isStopping;) {
      const next = { where: { id: MoreThan(last) }, order: { id: 'ASC' }, take: tenantsAtOnce } as const;
      const ids = (await this.database.manager.find(Tenant, { ...next, select: { id: true } })).map(({ id }) => id);
      if (ids.length === 0) return;
      yield ids;
      last = ids.at(-1) ?? '';
    }
  }

  private sealed(tenantId: string, configKey: string, json: string) {
    return { valueJson: this.values.keep(tenantId, configKey, json, true), isSecret: true };
  }
}
