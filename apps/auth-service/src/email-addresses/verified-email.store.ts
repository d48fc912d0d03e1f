import { Injectable } from '@nestjs/common';

import { Database } from '@libs/persistence';

import { Clock } from '../clock.js';
import { VerifiedEmail } from './verified-email.entity.js';

@Injectable()
export class VerifiedEmailStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  find(userId: string): Promise<VerifiedEmail | null> {
    return this.database.manager.findOneBy(VerifiedEmail, { id: userId });
  }

  async put(userId: string, email: string): Promise<void> {
    const verified = { email, verifiedAt: this.clock.now() };
    await this.database.transaction(async (manager) => {
      const { affected } = await manager.update(VerifiedEmail, { id: userId }, verified);
      if (affected !== 1) await manager.insert(VerifiedEmail, { id: userId, ...verified });
    });
  }

  async forgetUser(userId: string): Promise<void> {
    await this.database.transaction((manager) => manager.delete(VerifiedEmail, { id: userId }));
  }
}
