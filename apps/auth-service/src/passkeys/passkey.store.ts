import { createHash } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';

import { Database, isUniqueViolation, Listing } from '@libs/persistence';

import { Clock } from '../time/clock.js';
import { Passkey } from './passkey.entity.js';

export const passkeyListing = new Listing<Passkey>({
  defaultOrder: 'createdAt desc',
  orderable: ['name', 'createdAt'],
  filterable: { name: 'text', createdAt: 'time' },
  size: { few: 'a person has at most 20' },
});

@Injectable()
export class PasskeyStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** False when somebody has registered that very credential before. */
  add(passkey: Omit<Passkey, 'credentialHash' | 'createdAt' | 'lastUsedAt'>): Promise<Passkey | undefined> {
    const added = {
      ...passkey,
      credentialHash: hashOf(passkey.credentialId),
      createdAt: this.clock.now(),
      lastUsedAt: null,
    };
    return this.database.transaction(async (manager) => {
      try {
        await manager.insert(Passkey, added);
        return added;
      } catch (error) {
        if (isUniqueViolation(error)) return undefined;
        throw error;
      }
    });
  }

  count(userId: string): Promise<number> {
    return this.database.manager.countBy(Passkey, { userId });
  }

  credentialsOf(userId: string): Promise<Pick<Passkey, 'credentialId' | 'transports'>[]> {
    return this.database.manager.find(Passkey, { where: { userId }, select: { credentialId: true, transports: true } });
  }

  find(credentialId: string): Promise<Passkey | null> {
    return this.database.manager.findOneBy(Passkey, { credentialHash: hashOf(credentialId) });
  }

  allOf(userId: string): SelectQueryBuilder<Passkey> {
    return this.database.manager.createQueryBuilder(Passkey, 'passkey').where('passkey.userId = :userId', { userId });
  }

  /** False when it was used, or removed, in the meantime. */
  noteUse({ id, counter }: Passkey, newCounter: number): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      const used = { counter: newCounter, lastUsedAt: this.clock.now() };
      return (await manager.update(Passkey, { id, counter }, used)).affected === 1;
    });
  }

  delete(userId: string, id: string): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      return (await manager.delete(Passkey, { id, userId })).affected === 1;
    });
  }

  async deleteAllOf(userId: string): Promise<void> {
    await this.database.transaction((manager) => manager.delete(Passkey, { userId }));
  }
}

const hashOf = (credentialId: string): string => createHash('sha256').update(credentialId).digest('base64url');
