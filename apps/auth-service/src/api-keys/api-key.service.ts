import { Injectable } from '@nestjs/common';

import { apiKeyHint, readApiKey } from '@libs/api-keys';
import { invalidField, Refusal } from '@libs/errors';
import { Database, newId, type ExpectedVersion, isExpected } from '@libs/persistence';

import { Clock } from '../time/clock.js';
import { GuessCounter } from '../guessing/guess-counter.js';
import { ApiKeyHasher } from './api-key-hasher.js';
import { ApiKeyMaker } from './api-key-maker.js';
import type { ApiKey } from './api-key.entity.js';
import type { CreateApiKey, RotateApiKey, UpdateApiKey } from './api-key.schema.js';
import { ApiKeyStore, type Owner } from './api-key.store.js';

export type ResolvedApiKey =
  | { status: 'unknown' }
  | { status: 'revoked' | 'expired'; apiKey: ApiKey }
  /** `goodUntil` is that of the key which was shown: one that was rotated ends before the new one. */
  | { status: 'active'; apiKey: ApiKey; goodUntil: Date | null };

export interface ShownApiKey {
  readonly apiKey: ApiKey;
  /** The key in clear is in this answer and nowhere else. */
  readonly key: string;
}

@Injectable()
export class ApiKeyService {
  constructor(
    private readonly apiKeys: ApiKeyStore,
    private readonly database: Database,
    private readonly maker: ApiKeyMaker,
    private readonly hasher: ApiKeyHasher,
    private readonly guesses: GuessCounter,
    private readonly clock: Clock,
  ) {}

  async create(
    owner: Owner,
    { name, scopes, expiresAt, allowedAddresses, limits }: CreateApiKey,
  ): Promise<ShownApiKey> {
    const id = newId();
    const key = this.maker.make(id);
    const apiKey = await this.apiKeys.add({
      ...owner,
      id,
      name,
      scopes: [...new Set(scopes)],
      hint: apiKeyHint(key),
      keyHash: this.hasher.hash(key),
      expiresAt: this.expiryFrom(expiresAt) ?? null,
      allowedAddresses,
      limits,
    });
    return { apiKey, key };
  }

  async get(owner: Owner, id: string): Promise<ApiKey> {
    const apiKey = await this.apiKeys.findOf(owner, id);
    if (apiKey === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
    return apiKey;
  }

  update(owner: Owner, id: string, expectedVersion: ExpectedVersion | undefined, body: UpdateApiKey): Promise<ApiKey> {
    const { scopes, expiresAt, ...rest } = body;
    return this.database.transaction(async () => {
      const apiKey = await this.getExpected(owner, id, expectedVersion);
      return this.apiKeys.change('api-key.changed', apiKey, {
        ...rest,
        scopes: scopes && [...new Set(scopes)],
        expiresAt: this.expiryFrom(expiresAt),
      });
    });
  }

  /** The new key has the same id, rights and limits; the one before it is good for as long as the grace lasts. */
  rotate(
    owner: Owner,
    id: string,
    expectedVersion: ExpectedVersion | undefined,
    { graceSeconds }: RotateApiKey,
  ): Promise<ShownApiKey> {
    return this.database.transaction(async () => {
      const before = await this.getExpected(owner, id, expectedVersion);
      const key = this.maker.make(id);
      const apiKey = await this.apiKeys.change('api-key.rotated', before, {
        keyHash: this.hasher.hash(key),
        previousKeyHash: graceSeconds === 0 ? null : before.keyHash,
        previousKeyUntil: graceSeconds === 0 ? null : new Date(this.clock.now().getTime() + graceSeconds * 1_000),
      });
      return { apiKey, key };
    });
  }

  async revoke(owner: Owner, id: string, expectedVersion?: ExpectedVersion): Promise<void> {
    await this.getExpected(owner, id, expectedVersion);
    if (!(await this.apiKeys.revoke(owner, id))) throw new Refusal('RESOURCE_NOT_FOUND');
  }

  /** A key that was mistyped is told by its checksum, before any look-up; one that was made up is counted before. */
  async resolve(key: string, clientAddress: string): Promise<ResolvedApiKey> {
    if (!this.maker.hasMade(key)) await this.guesses.beforeToken(clientAddress);
    const read = readApiKey(key);
    const apiKey = read === undefined ? null : await this.apiKeys.find(read.id);
    const goodUntil = apiKey === null ? undefined : this.goodUntil(key, apiKey);
    if (apiKey === null || goodUntil === undefined) {
      await this.guesses.noteUnknown('api-key', clientAddress);
      return { status: 'unknown' };
    }
    if (apiKey.revokedAt !== null) return { status: 'revoked', apiKey };
    if (goodUntil !== null && goodUntil <= this.clock.now()) return { status: 'expired', apiKey };
    return { status: 'active', apiKey, goodUntil };
  }

  /** Null for a key that does not expire; undefined when it is not the key, and not the one before it. */
  private goodUntil(key: string, apiKey: ApiKey): Date | null | undefined {
    const { keyHash, previousKeyHash, previousKeyUntil, expiresAt } = apiKey;
    if (this.hasher.matches(key, keyHash)) return expiresAt;
    if (previousKeyHash === null || previousKeyUntil === null) return undefined;
    if (!this.hasher.matches(key, previousKeyHash)) return undefined;
    return expiresAt !== null && expiresAt < previousKeyUntil ? expiresAt : previousKeyUntil;
  }

  private async getExpected(owner: Owner, id: string, expectedVersion: ExpectedVersion | undefined): Promise<ApiKey> {
    const apiKey = await this.get(owner, id);
    if (!isExpected(expectedVersion, apiKey.version)) throw new Refusal('RESOURCE_CHANGED');
    return apiKey;
  }

  private expiryFrom(text: string | null | undefined): Date | null | undefined {
    if (text === undefined || text === null) return text;
    const expiry = new Date(text);
    if (expiry > this.clock.now()) return expiry;
    throw invalidField('expiresAt', 'IN_THE_PAST', 'must lie in the future');
  }
}
