import { Injectable } from '@nestjs/common';
import { type EntityManager, Not } from 'typeorm';

import { Refusal } from '@libs/errors';
import { Database, Outbox } from '@libs/persistence';

import { isEmailVerified, keepsAddress, otherHolder } from './email-holder.js';
import { nameKey } from './taken-names.js';
import { User } from './user.entity.js';

type EmailKeys = Pick<User, 'emailKey' | 'claimedEmailKey'>;

/**
 * Whose an address is. Anybody may enter any address, and is found by it until somebody else does: the latest, who is the
 * one that has just registered. Whoever has confirmed it keeps it. A user who is not found by their address has their id
 * for its key, under which nobody looks: no id is an address. The latest of them has a claim to it, which a login knows:
 * it must not tell them whether somebody else has confirmed the address.
 */
@Injectable()
export class EmailClaims {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  /** The keys of an address that its user has entered and not confirmed. Never tells whether somebody else has it. */
  async enter(userId: string, email: string): Promise<EmailKeys> {
    const { manager } = this.database;
    const key = nameKey(email);
    await this.endClaims(manager, userId, key);
    const holder = await otherHolder(manager, userId, key);
    if (holder !== null && keepsAddress(holder)) return { emailKey: userId, claimedEmailKey: key };
    if (holder !== null) await this.take(manager, holder, null);
    return { emailKey: key, claimedEmailKey: null };
  }

  /** The same of an address that an operator names, whom `refuseTakenNames` has told if somebody keeps it. */
  async assign(userId: string, email: string): Promise<EmailKeys> {
    const { manager } = this.database;
    const key = nameKey(email);
    await this.endClaims(manager, userId, key);
    const holder = await otherHolder(manager, userId, key);
    if (holder !== null) await this.take(manager, holder, null);
    return { emailKey: key, claimedEmailKey: null };
  }

  /** For a user who is invited, and logs in by nothing yet: whoever was found by the address goes on logging in by it. */
  async reserve(userId: string, email: string): Promise<void> {
    const { manager } = this.database;
    const holder = await otherHolder(manager, userId, nameKey(email));
    if (holder !== null) await this.displace(manager, holder);
  }

  /** Makes the address the user's alone, who has confirmed it. Refused when somebody else has. */
  async prove(userId: string, email: string): Promise<void> {
    const { manager } = this.database;
    const holder = await otherHolder(manager, userId, nameKey(email));
    if (holder === null) return;
    if (isEmailVerified(holder)) throw confirmedByOther();
    await this.displace(manager, holder);
  }

  /** Takes the address from somebody who was the latest to enter it, unless somebody was later who has the claim. */
  private async displace(manager: EntityManager, holder: User): Promise<void> {
    const { emailKey } = holder;
    const isClaimed = await manager.existsBy(User, { claimedEmailKey: emailKey });
    await this.take(manager, holder, isClaimed ? null : emailKey);
  }

  private async endClaims(manager: EntityManager, userId: string, claimedEmailKey: string): Promise<void> {
    const others = { claimedEmailKey, id: Not(userId) };
    if (!(await manager.exists(User, { where: others, withDeleted: true }))) return;
    await manager.update(User, others, { claimedEmailKey: null });
  }

  private async take(manager: EntityManager, { id, version }: User, claimedEmailKey: string | null): Promise<void> {
    const change = { emailKey: id, claimedEmailKey, version: version + 1, updatedAt: new Date() };
    const { affected } = await manager.update(User, { id, version }, change);
    if (affected !== 1) throw new Refusal('RESOURCE_CHANGED');
    await this.outbox.add('user.changed', id, { userId: id });
  }
}

export const confirmedByOther = (): Refusal =>
  new Refusal('RESOURCE_CONFLICT', { detail: 'Somebody else has confirmed this address.' });
