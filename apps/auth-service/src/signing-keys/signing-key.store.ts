import { Injectable } from '@nestjs/common';
import { IsNull, LessThan } from 'typeorm';

import { Database, isUniqueViolation, newId, Outbox } from '@libs/persistence';

import { Clock } from '../time/clock.js';
import { SecurityLog } from '../security-events/security-log.js';
import { KeySeal } from './key-seal.js';
import { makeKeyPair } from './make-key-pair.js';
import type { SigningAlgorithm } from './signing-algorithm.js';
import { SigningKey } from './signing-key.entity.js';

/** The times of a key: when it begins to sign, and until when those before it stay published. */
interface Times {
  readonly signsFrom: Date;
  readonly othersUntil: Date;
}

@Injectable()
export class SigningKeyStore {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly seal: KeySeal,
    private readonly log: SecurityLog,
    private readonly clock: Clock,
  ) {}

  all(): Promise<SigningKey[]> {
    return this.database.manager.find(SigningKey, { order: { generation: 'ASC' } });
  }

  /** The key of the first start, which signs at once: there is nobody yet who knows another. */
  async makeFirst(algorithm: SigningAlgorithm): Promise<void> {
    const now = this.clock.now();
    await this.make(1, algorithm, { signsFrom: now, othersUntil: now });
  }

  /** The successor of this key. False when another process has made it meanwhile. */
  makeNext({ generation }: SigningKey, algorithm: SigningAlgorithm, times: Times): Promise<boolean> {
    return this.make(generation + 1, algorithm, times);
  }

  /** Forgets the keys that are published no more: nothing that they have signed is good. */
  async forgetRetired(): Promise<void> {
    const retired = { publishedUntil: LessThan(this.clock.now()) };
    if (!(await this.database.manager.existsBy(SigningKey, retired))) return;
    await this.database.transaction((manager) => manager.delete(SigningKey, retired));
  }

  private async make(generation: number, algorithm: SigningAlgorithm, times: Times): Promise<boolean> {
    const id = newId();
    const { publicJwk, privatePem } = await makeKeyPair(id, algorithm);
    const key: SigningKey = {
      id,
      generation,
      algorithm,
      publicJwk,
      sealedPrivateKey: this.seal.seal(id, privatePem),
      createdAt: this.clock.now(),
      signsFrom: times.signsFrom,
      publishedUntil: null,
    };
    try {
      await this.database.transaction(async (manager) => {
        await manager.update(SigningKey, { publishedUntil: IsNull() }, { publishedUntil: times.othersUntil });
        await manager.insert(SigningKey, key);
        await this.outbox.add('signing-key.rotated', id, { keyId: id });
        await this.log.note('signing-key.rotated', { subject: id });
      });
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }
}
