import { Injectable } from '@nestjs/common';
import { LessThan, MoreThan } from 'typeorm';

import { Database, newId, deleteInPieces } from '@libs/persistence';

import { Clock } from '../time/clock.js';
import { hashMailToken, newMailToken } from './mail-token.js';
import { type MailPurpose, MailToken } from './mail-token.entity.js';

export interface NewMailToken {
  readonly userId: string;
  readonly purpose: MailPurpose;
  readonly email: string;
  readonly lifetimeMs: number;
}

@Injectable()
export class MailTokenStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The token in clear is for the letter alone. Earlier ones stay good: letters overtake one another. */
  async issue({ lifetimeMs, ...issued }: NewMailToken): Promise<{ token: string; expiresAt: Date }> {
    const token = newMailToken();
    const createdAt = this.clock.now();
    const expiresAt = new Date(createdAt.getTime() + lifetimeMs);
    const tokenHash = hashMailToken(token);
    await this.database.transaction((manager) =>
      manager.insert(MailToken, { id: newId(), tokenHash, createdAt, expiresAt, ...issued }),
    );
    return { token, expiresAt };
  }

  find(token: string, purpose: MailPurpose): Promise<MailToken | null> {
    const expiresAt = MoreThan(this.clock.now());
    return this.database.manager.findOneBy(MailToken, { tokenHash: hashMailToken(token), purpose, expiresAt });
  }

  /** True for one of many who use it at once. */
  use({ id }: MailToken): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      const { affected } = await manager.delete(MailToken, { id, expiresAt: MoreThan(this.clock.now()) });
      return affected === 1;
    });
  }

  async voidAllOf(userId: string, purpose: MailPurpose): Promise<void> {
    await this.database.transaction((manager) => manager.delete(MailToken, { userId, purpose }));
  }

  async forgetUser(userId: string): Promise<void> {
    await this.database.transaction((manager) => manager.delete(MailToken, { userId }));
  }

  async forgetExpired(before: Date): Promise<void> {
    const expired = { expiresAt: LessThan(before) };
    if (!(await this.database.manager.existsBy(MailToken, expired))) return;
    await deleteInPieces(this.database, MailToken, expired);
  }
}
