import { Injectable } from '@nestjs/common';

import { LessThanOrEqual } from 'typeorm';

import { Database } from '@libs/persistence';

import { Clock } from '../time/clock.js';
import { Credential } from './credential.entity.js';

@Injectable()
export class CredentialStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async hashOf(userId: string): Promise<string | undefined> {
    const credential = await this.database.manager.findOneBy(Credential, { id: userId });
    return credential?.passwordHash;
  }

  /** Whether the user may do nothing else before there is a new password. */
  async mustChange(userId: string): Promise<boolean> {
    return this.database.manager.existsBy(Credential, { id: userId, mustChange: true });
  }

  /** Nothing happens when the password is another one by now. */
  async demandChange(userId: string, passwordHash: string): Promise<void> {
    await this.database.transaction((manager) =>
      manager.update(Credential, { id: userId, passwordHash }, { mustChange: true }),
    );
  }

  /** Sets the password of a user, whether or not there was one before. */
  put(userId: string, passwordHash: string): Promise<void> {
    const now = this.clock.now();
    return this.database.transaction(async (manager) => {
      const { affected } = await manager.update(
        Credential,
        { id: userId },
        { passwordHash, mustChange: null, updatedAt: now },
      );
      if (affected === 1) return;
      await manager.insert(Credential, { id: userId, passwordHash, mustChange: null, createdAt: now, updatedAt: now });
    });
  }

  /** Replaces a hash by another one of the same password; nothing happens when the password has changed meanwhile. */
  async renewHash(userId: string, oldHash: string, passwordHash: string): Promise<void> {
    const unchanged = { id: userId, passwordHash: oldHash };
    await this.database.transaction((manager) =>
      manager.update(Credential, unchanged, { passwordHash, updatedAt: this.clock.now() }),
    );
  }

  async deleteSetUntil(userId: string, time: Date): Promise<void> {
    const former = { id: userId, updatedAt: LessThanOrEqual(time) };
    await this.database.transaction((manager) => manager.delete(Credential, former));
  }

  async delete(userId: string): Promise<void> {
    await this.database.transaction((manager) => manager.delete(Credential, { id: userId }));
  }
}
