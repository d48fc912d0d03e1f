import { Injectable } from '@nestjs/common';

import type { User } from '@libs/grpc';

import { VerifiedEmailStore } from './verified-email.store.js';

/** Who they are, and the address that tenant-service keeps for them. */
export type Addressee = Pick<User, 'id' | 'username' | 'email' | 'emailVerified'>;

/** The one place that says where a user may be written to. */
@Injectable()
export class AddressBook {
  constructor(private readonly verified: VerifiedEmailStore) {}

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
}

/** Case does not count in a user's address. */
export const isSameAddress = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
