import { Injectable } from '@nestjs/common';

import { Database } from '@libs/persistence';

import { Clock } from '../time/clock.js';
import { PendingEmail } from './pending-email.entity.js';

@Injectable()
export class PendingEmailStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async find(userId: string): Promise<string | undefined> {
    return (await this.database.manager.findOneBy(PendingEmail, { id: userId }))?.email;
  }

  async put(userId: string, email: string): Promise<void> {
    const pending = { email, askedAt: this.clock.now() };
    await this.database.transaction(async (manager) => {
      const { affected } = await manager.update(PendingEmail, { id: userId }, pending);
      if (affected !== 1) await manager.insert(PendingEmail, { id: userId, ...pending });
    });
  }

  async forgetUser(userId: string): Promise<void> {
    await this.database.transaction((manager) => manager.delete(PendingEmail, { id: userId }));
  }
}
