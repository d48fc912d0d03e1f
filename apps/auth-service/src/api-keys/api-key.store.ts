import { Injectable } from '@nestjs/common';
import { IsNull, type SelectQueryBuilder } from 'typeorm';

import { Database, Outbox, TenantRepository } from '@libs/persistence';

import { Clock } from '../clock.js';
import { SecurityLog } from '../security-log.js';
import { ApiKey } from './api-key.entity.js';

/** Whose key it is, where. */
export interface Owner {
  readonly userId: string;
  readonly tenantId: string;
}

@Injectable()
export class ApiKeyStore {
  private readonly keys: TenantRepository<ApiKey>;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly log: SecurityLog,
    private readonly clock: Clock,
  ) {
    this.keys = new TenantRepository(database, ApiKey);
  }

  add(apiKey: Omit<ApiKey, 'version' | 'createdAt' | 'updatedAt' | 'revokedAt'>): Promise<ApiKey> {
    return this.database.transaction(() => this.keys.insert({ ...apiKey, revokedAt: null }));
  }

  /** Without naming a tenant: only for the gateway's question whose key this is. */
  find(id: string): Promise<ApiKey | null> {
    return this.database.manager.findOneBy(ApiKey, { id });
  }

  findOf({ userId, tenantId }: Owner, id: string): Promise<ApiKey | undefined> {
    return this.keys.findOne(tenantId, { id, userId, revokedAt: IsNull() });
  }

  allOf({ userId, tenantId }: Owner): SelectQueryBuilder<ApiKey> {
    return this.keys
      .query(tenantId, 'apiKey')
      .andWhere('apiKey.userId = :userId', { userId })
      .andWhere('apiKey.revokedAt IS NULL');
  }

  /** False when it is not there, not the owner's, or revoked before. Everybody is told in the same transaction. */
  revoke({ userId, tenantId }: Owner, id: string): Promise<boolean> {
    const now = this.clock.now();
    return this.database.transaction(async (manager) => {
      const good = { id, tenantId, userId, revokedAt: IsNull() };
      const { affected } = await manager.update(ApiKey, good, { revokedAt: now, updatedAt: now });
      if (affected !== 1) return false;
      await this.outbox.add('api-key.revoked', id, { apiKeyId: id, userId });
      this.database.afterCommit(() => this.log.note('api-key.revoked', { user_id: userId, subject: id }));
      return true;
    });
  }

  /** In every tenant. */
  async revokeAllOf(userId: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      for (const { id, tenantId } of await manager.findBy(ApiKey, { userId, revokedAt: IsNull() })) {
        await this.revoke({ userId, tenantId }, id);
      }
    });
  }
}
