import { randomBytes } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { invalidField, Refusal } from '@libs/errors';
import { newId } from '@libs/persistence';

import { Clock } from '../clock.js';
import { GuessCounter } from '../guessing/guess-counter.js';
import { SecurityLog } from '../security-log.js';
import { apiKeyHint, readApiKeyId, secretBytes, writeApiKey } from './api-key-format.js';
import { ApiKeyHasher } from './api-key-hasher.js';
import type { ApiKey } from './api-key.entity.js';
import type { CreateApiKey } from './api-key.schema.js';
import { ApiKeyStore, type Owner } from './api-key.store.js';

export type ResolvedApiKey = { status: 'unknown' } | { status: 'active' | 'revoked' | 'expired'; apiKey: ApiKey };

@Injectable()
export class ApiKeyService {
  constructor(
    private readonly apiKeys: ApiKeyStore,
    private readonly hasher: ApiKeyHasher,
    private readonly guesses: GuessCounter,
    private readonly log: SecurityLog,
    private readonly clock: Clock,
  ) {}

  /** The key in clear is in this answer and nowhere else. */
  async create(owner: Owner, { name, scopes, expiresAt }: CreateApiKey): Promise<{ apiKey: ApiKey; key: string }> {
    const expiry = expiresAt === undefined ? null : new Date(expiresAt);
    if (expiry !== null && expiry <= this.clock.now()) {
      throw invalidField('expiresAt', 'IN_THE_PAST', 'must lie in the future');
    }
    const id = newId();
    const key = writeApiKey(id, randomBytes(secretBytes));
    const apiKey = await this.apiKeys.add({
      ...owner,
      id,
      name,
      scopes: [...new Set(scopes)],
      hint: apiKeyHint(key),
      keyHash: this.hasher.hash(key),
      expiresAt: expiry,
    });
    this.log.note('api-key.created', { user_id: owner.userId, subject: id });
    return { apiKey, key };
  }

  async get(owner: Owner, id: string): Promise<ApiKey> {
    const apiKey = await this.apiKeys.findOf(owner, id);
    if (apiKey === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
    return apiKey;
  }

  async revoke(owner: Owner, id: string, expectedVersion?: number): Promise<void> {
    const { version } = await this.get(owner, id);
    if (expectedVersion !== undefined && expectedVersion !== version) throw new Refusal('RESOURCE_CHANGED');
    if (!(await this.apiKeys.revoke(owner, id))) throw new Refusal('RESOURCE_NOT_FOUND');
  }

  /** A key that was mistyped is told by its checksum, before any look-up. */
  async resolve(key: string, clientAddress: string): Promise<ResolvedApiKey> {
    const id = readApiKeyId(key);
    const apiKey = id === undefined ? null : await this.apiKeys.find(id);
    if (apiKey === null || !this.hasher.matches(key, apiKey.keyHash)) {
      await this.guesses.afterWrongToken('api-key', clientAddress);
      return { status: 'unknown' };
    }
    if (apiKey.revokedAt !== null) return { status: 'revoked', apiKey };
    const isExpired = apiKey.expiresAt !== null && apiKey.expiresAt <= this.clock.now();
    return { status: isExpired ? 'expired' : 'active', apiKey };
  }
}
