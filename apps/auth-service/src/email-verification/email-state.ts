import { Injectable } from '@nestjs/common';

import type { User } from '@libs/grpc';

import { AccountDirectory } from '../accounts/account-directory.js';
import { ownUser } from '../accounts/own-account.js';
import { AddressBook } from '../email-addresses/address-book.js';

/** The address of a user: which one is confirmed, and which one waits for its proof. */
@Injectable()
export class EmailState {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly book: AddressBook,
  ) {}

  async of(userId: string): Promise<State> {
    const [user, verified, pending] = await Promise.all([
      ownUser(this.accounts, userId),
      this.book.confirmed(userId),
      this.book.waiting(userId),
    ]);
    return {
      user,
      email: await this.book.addressOf(user),
      isVerified: verified !== null || user.emailVerified === true,
      verifiedAt: verified?.verifiedAt,
      pendingEmail: pending,
    };
  }
}

interface State {
  readonly user: User;
  /** At which they are written to. */
  readonly email: string;
  readonly isVerified: boolean;
  /** Unknown of somebody who was deleted and restored. */
  readonly verifiedAt: Date | undefined;
  readonly pendingEmail: string | undefined;
}
