import { Injectable } from '@nestjs/common';
import { type EntityManager, Not } from 'typeorm';

import { Refusal } from '@libs/errors';
import { Database, Outbox } from '@libs/persistence';

import { nameKey } from './taken-names.js';
import { User } from './user.entity.js';

/** Whether the owner has read what was sent to the address that the user has now. */
export const isEmailVerified = ({ emailKey, verifiedEmailKey }: Pick<User, 'emailKey' | 'verifiedEmailKey'>): boolean =>
  verifiedEmailKey !== null && verifiedEmailKey !== undefined && verifiedEmailKey === emailKey;

/**
 * Whose an address is. Anybody may enter any address, and is found by it until somebody else does: the latest, who is the
 * one that has just registered. Whoever has confirmed it keeps it. A user who is not found by their address has their id
 * for its key, under which nobody looks: no id is an address.
 */
@Injectable()
export class EmailClaims {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  /** The key of an address that was entered and not confirmed. Never tells whether somebody else has it. */
  async enter(userId: string, email: string): Promise<string> {
    const { manager } = this.database;
    const holder = await otherHolder(manager, userId, email);
    if (holder === null) return nameKey(email);
    if (isEmailVerified(holder) || holder.status === 'invited') return userId;
    await this.take(manager, holder);
    return nameKey(email);
  }

  /** Makes the address the user's alone, who has confirmed it. Refused when somebody else has. */
  async prove(userId: string, email: string): Promise<void> {
    const { manager } = this.database;
    const holder = await otherHolder(manager, userId, email);
    if (holder === null) return;
    if (isEmailVerified(holder)) throw confirmedByOther();
    await this.take(manager, holder);
  }

  private async take(manager: EntityManager, { id, version }: User): Promise<void> {
    const change = { emailKey: id, version: version + 1, updatedAt: new Date() };
    const { affected } = await manager.update(User, { id, version }, change);
    if (affected !== 1) throw new Refusal('RESOURCE_CHANGED');
    await this.outbox.add('user.changed', id, { userId: id });
  }
}

export const confirmedByOther = (): Refusal =>
  new Refusal('RESOURCE_CONFLICT', { detail: 'Somebody else has confirmed this address.' });

/** A deleted user keeps a confirmed address until they are purged: they may be restored. */
const otherHolder = (manager: EntityManager, userId: string, email: string): Promise<User | null> =>
  manager.findOne(User, { where: { emailKey: nameKey(email), id: Not(userId) }, withDeleted: true });
