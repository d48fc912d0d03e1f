import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';

import { Database } from '@libs/persistence';

import { Clock } from '../time/clock.js';
import { VerifiedEmail } from './verified-email.entity.js';

const announcedAtOnce = 50;

@Injectable()
export class VerifiedEmailStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  find(userId: string): Promise<VerifiedEmail | null> {
    return this.database.manager.findOneBy(VerifiedEmail, { id: userId });
  }

  async put(userId: string, email: string, isFirst: boolean): Promise<void> {
    const verified = { email, verifiedAt: this.clock.now(), announcedAt: null, isFirst };
    await this.database.transaction(async (manager) => {
      const { affected } = await manager.update(VerifiedEmail, { id: userId }, verified);
      if (affected !== 1) await manager.insert(VerifiedEmail, { id: userId, ...verified });
    });
  }

  /** The same address once more. */
  async renew(userId: string): Promise<void> {
    await this.database.transaction((manager) =>
      manager.update(VerifiedEmail, { id: userId }, { verifiedAt: this.clock.now() }),
    );
  }

  unannounced(): Promise<VerifiedEmail[]> {
    return this.database.manager.find(VerifiedEmail, { where: { announcedAt: IsNull() }, take: announcedAtOnce });
  }

  async announced({ id, email }: VerifiedEmail): Promise<void> {
    await this.database.transaction((manager) =>
      manager.update(VerifiedEmail, { id, email }, { announcedAt: this.clock.now() }),
    );
  }

  async forget({ id, email }: VerifiedEmail): Promise<void> {
    await this.database.transaction((manager) => manager.delete(VerifiedEmail, { id, email }));
  }

  async forgetUser(userId: string): Promise<void> {
    await this.database.transaction((manager) => manager.delete(VerifiedEmail, { id: userId }));
  }
}
