import { Injectable } from '@nestjs/common';

import type { User } from '@libs/grpc';

import { PendingEmailStore } from './pending-email.store.js';
import type { VerifiedEmail } from './verified-email.entity.js';
import { VerifiedEmailStore } from './verified-email.store.js';

/** Who they are, and the address that tenant-service keeps for them. */
export type Addressee = Pick<User, 'id' | 'username' | 'email' | 'emailVerified'>;

/** The one place that says where a user may be written to, and what waits to take its place. */
@Injectable()
export class AddressBook {
  constructor(
    private readonly verified: VerifiedEmailStore,
    private readonly pending: PendingEmailStore,
  ) {}

  /**
   * The address that they have confirmed last, whatever was entered since: a thief may have entered it. Of somebody who
   * has confirmed none, the one that came with the account: it is all there is, and leads to nothing but its proof.
   */
  async addressOf({ id, email }: Addressee): Promise<string> {
    return (await this.verified.find(id))?.email ?? email;
  }

  /** Whether they have ever shown that they read what is sent there. tenant-service may not have been told yet. */
  async isConfirmed({ id, emailVerified }: Addressee): Promise<boolean> {
    return emailVerified === true || (await this.verified.find(id)) !== null;
  }

  /** What they have confirmed last, if anything. */
  confirmed(userId: string): Promise<VerifiedEmail | null> {
    return this.verified.find(userId);
  }

  /** The address that waits for its proof, if there is one. */
  waiting(userId: string): Promise<string | undefined> {
    return this.pending.find(userId);
  }

  /** Waits from now on, in place of one that waited. */
  enter(userId: string, email: string): Promise<void> {
    return this.pending.put(userId, email);
  }

  /** Nothing waits any more. */
  withdraw(userId: string): Promise<void> {
    return this.pending.forgetUser(userId);
  }

  /** In the surrounding transaction. `isFirst`: they had confirmed none before. */
  async confirm(userId: string, email: string, isFirst: boolean): Promise<void> {
    await this.verified.put(userId, email, isFirst);
    await this.pending.forgetUser(userId);
  }

  /** The same address once more. */
  confirmAgain(userId: string): Promise<void> {
    return this.verified.renew(userId);
  }

  async forgetUser(userId: string): Promise<void> {
    await this.verified.forgetUser(userId);
    await this.pending.forgetUser(userId);
  }
}

/** Case does not count in a user's address. */
export const isSameAddress = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
