import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, In, IsNull, type SelectQueryBuilder } from 'typeorm';

import { Database, Outbox, type Patch, type Piece, TenantRepository } from '@libs/persistence';

import { Clock } from '../time/clock.js';
import { SecurityLog } from '../security-events/security-log.js';
import { ApiKey } from './api-key.entity.js';

/** Whose key it is, where. */
export interface Owner {
  readonly userId: string;
  readonly tenantId: string;
}

type Unset = 'revokedAt' | 'previousKeyHash' | 'previousKeyUntil' | 'lastUsedAt' | 'lastUsedAddress';
type NewApiKey = Omit<ApiKey, Unset | 'version' | 'createdAt' | 'updatedAt'>;

/** What an edit may change. */
export type ApiKeyPatch = Pick<
  Patch<ApiKey>,
  'name' | 'scopes' | 'expiresAt' | 'allowedAddresses' | 'limits' | 'keyHash' | 'previousKeyHash' | 'previousKeyUntil'
>;

export interface ApiKeyUsed {
  readonly apiKeyId: string;
  readonly time: Date;
  readonly clientAddress: string;
}

/** Each is told of by an event and a note, so that a thousand would keep others waiting. */
const revokedAtOnce = 100;

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

  add(apiKey: NewApiKey): Promise<ApiKey> {
    const unset = {
      revokedAt: null,
      previousKeyHash: null,
      previousKeyUntil: null,
      lastUsedAt: null,
      lastUsedAddress: null,
    };
    return this.database.transaction(async () => {
      const { id, userId, tenantId } = apiKey;
      await this.log.note('api-key.created', { user_id: userId, subject: id }, tenantId);
      return this.keys.insert({ ...apiKey, ...unset });
    });
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

  /**
   * Changes a key that was just read in the same transaction. Nobody goes on with what they remember of it: every gateway
   * is told.
   */
  async change(what: 'api-key.changed' | 'api-key.rotated', apiKey: ApiKey, patch: ApiKeyPatch): Promise<ApiKey> {
    const { id, tenantId, userId, version } = apiKey;
    const changed = await this.keys.update(tenantId, id, version, patch);
    await this.outbox.add('api-key.changed', id, { apiKeyId: id, userId });
    await this.log.note(what, { user_id: userId, subject: id }, tenantId);
    return changed;
  }

  /** False when it is not there, not the owner's, or revoked before. Everybody is told in the same transaction. */
  revoke({ userId, tenantId }: Owner, id: string): Promise<boolean> {
    const now = this.clock.now();
    return this.database.transaction(async (manager) => {
      const good = { id, tenantId, userId, revokedAt: IsNull() };
      const { affected } = await manager.update(ApiKey, good, { revokedAt: now, updatedAt: now });
      if (affected !== 1) return false;
      await this.outbox.add('api-key.revoked', id, { apiKeyId: id, userId });
      await this.log.note('api-key.revoked', { user_id: userId, subject: id }, tenantId);
      return true;
    });
  }

  /** In every tenant, together with what the surrounding transaction does. */
  async revokeAllOf(userId: string): Promise<void> {
    await this.database.transaction(async () => {
      while ((await this.revokeSome({ userId })) === 'more');
    });
  }

  /** A piece of all that are good. */
  revokeSome(where: FindOptionsWhere<ApiKey>): Promise<Piece> {
    return this.database.transaction(async (manager) => {
      const good = { ...where, revokedAt: IsNull() };
      const found = await manager.find(ApiKey, { where: good, take: revokedAtOnce });
      for (const { id, userId, tenantId } of found) await this.revoke({ userId, tenantId }, id);
      return found.length === revokedAtOnce ? 'more' : 'done';
    });
  }

  /** Several gateways tell of one key, in any order: the latest use stands. No edit, so the version stays. */
  async recordUses(uses: readonly ApiKeyUsed[]): Promise<void> {
    if (uses.length === 0) return;
    await this.database.transaction(async (manager) => {
      const ids = uses.map(({ apiKeyId }) => apiKeyId);
      const known = await manager.find(ApiKey, { where: { id: In(ids) }, select: { id: true, lastUsedAt: true } });
      const lastUses = new Map(known.map(({ id, lastUsedAt }) => [id, lastUsedAt]));
      for (const { apiKeyId, time, clientAddress } of uses) {
        const last = lastUses.get(apiKeyId);
        if (last === undefined || (last !== null && last >= time)) continue;
        await manager.update(ApiKey, { id: apiKeyId }, { lastUsedAt: time, lastUsedAddress: clientAddress });
        lastUses.set(apiKeyId, time);
      }
    });
  }
}
