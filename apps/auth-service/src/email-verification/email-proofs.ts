import { Injectable } from '@nestjs/common';

import { Database } from '@libs/persistence';

import { AddressBook, type Addressee, isSameAddress } from '../email-addresses/address-book.js';
import { UserMailer } from '../emails/user-mailer.js';
import { MailTokenStore } from '../mail-tokens/mail-token.store.js';
import { SecurityLog } from '../security-events/security-log.js';
import { FirstProof } from './first-proof.js';

export interface Prover {
  /** The session that the proof came with, of the same user; empty when it came with none. */
  readonly sessionId: string;
  /** From where it came. */
  readonly address: string;
}

/**
 * What follows when somebody has shown that they read what goes to an address. Until then nobody knows who made the
 * account: the first proof ends all that was bound to it, so that nobody who has entered the address of somebody else
 * keeps a way in. The password stays, unless the proof replaces it: whoever registers confirms with it.
 */
@Injectable()
export class EmailProofs {
  constructor(
    private readonly database: Database,
    private readonly book: AddressBook,
    private readonly tokens: MailTokenStore,
    private readonly first: FirstProof,
    private readonly mailer: UserMailer,
    private readonly log: SecurityLog,
  ) {}

  /** In the transaction that uses what proves it. `EmailAnnouncer` comes after the commit. */
  async record(user: Addressee, email: string, { sessionId, address }: Prover): Promise<void> {
    await this.database.transaction(async () => {
      const userId = user.id;
      const before = await this.book.confirmed(userId);
      if (before !== null && isSameAddress(before.email, email)) return this.book.confirmAgain(userId);

      // Who was deleted and restored has confirmed one, too: tenant-service has kept that.
      const isFirst = before === null && user.emailVerified !== true;
      // To the one before, which is still the one of the book.
      if (!isFirst && !isSameAddress(await this.book.addressOf(user), email))
        await this.mailer.notice('email-changed', user);
      await this.book.confirm(userId, email, isFirst);
      await this.tokens.voidAllOf(userId, 'verify-email');
      await this.tokens.voidAllOf(userId, 'reset-password');
      if (isFirst) await this.first.voidWhatOthersBound(userId, sessionId);
      await this.log.note('email.verified', { user_id: userId, client_address: address });
    });
  }
}
