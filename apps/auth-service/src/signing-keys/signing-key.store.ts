import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';

import { Database, isUniqueViolation, newId, Outbox } from '@libs/persistence';

import { Clock } from '../clock.js';
import { KeySeal } from './key-seal.js';
import { makeKeyPair } from './make-key-pair.js';
import { SigningKey } from './signing-key.entity.js';

@Injectable()
export class SigningKeyStore {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly seal: KeySeal,
    private readonly clock: Clock,
  ) {}

  all(): Promise<SigningKey[]> {
    return this.database.manager.find(SigningKey, { order: { generation: 'ASC' } });
  }

  /** The key of the first start, which signs at once: there is nobody yet who knows another. */
  makeFirst(): Promise<void> {
    return this.make(1, this.clock.now());
  }

  /** The successor of the newest key. That one stays published for `overlapMs` after the new one has begun to sign. */
  async makeNext(signsFrom: Date, overlapMs: number): Promise<void> {
    const newest = (await this.all()).at(-1)?.generation ?? 0;
    await this.make(newest + 1, signsFrom, new Date(signsFrom.getTime() + overlapMs));
  }

  private async make(generation: number, signsFrom: Date, othersUntil?: Date): Promise<void> {
    const id = newId();
    const { publicJwk, privatePem } = await makeKeyPair(id);
    const key: SigningKey = {
      id,
      generation,
      algorithm: 'RS256',
      publicJwk,
      sealedPrivateKey: this.seal.seal(id, privatePem),
      createdAt: this.clock.now(),
      signsFrom,
      publishedUntil: null,
    };
    try {
      await this.database.transaction(async () => {
        const { manager } = this.database;
        if (othersUntil !== undefined) {
          await manager.update(SigningKey, { publishedUntil: IsNull() }, { publishedUntil: othersUntil });
        }
        await manager.insert(SigningKey, key);
        await this.outbox.add('signing-key.rotated', id, { keyId: id });
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }
}
