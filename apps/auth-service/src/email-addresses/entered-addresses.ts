import { Injectable } from '@nestjs/common';

import { AccountDirectory } from '../accounts/account-directory.js';
import { GuessCounter } from '../guessing/guess-counter.js';

/** Addresses that somebody has entered for an account: they may be anybody's. */
@Injectable()
export class EnteredAddresses {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly guesses: GuessCounter,
  ) {}

  /** Whether another user has confirmed the address. */
  async isConfirmedByOther(userId: string, email: string): Promise<boolean> {
    const holder = await this.accounts.findByLogin(email);
    return holder !== undefined && holder.id !== userId && holder.emailVerified === true;
  }

  /** Before its reader is asked whether it is theirs. Many accounts may be made with one address: it is not filled. */
  async look(userId: string, email: string): Promise<{ isTaken: boolean; isLeftInPeace: boolean }> {
    const isTaken = await this.isConfirmedByOther(userId, email);
    return { isTaken, isLeftInPeace: !(await this.guesses.mayBeAsked(email)) };
  }

  /** The same for who asks to be written to, which nobody does too often. */
  async lookFor(userId: string, email: string): Promise<{ isTaken: boolean; isLeftInPeace: boolean }> {
    await this.guesses.beforeWritingTo(userId);
    return this.look(userId, email);
  }
}
