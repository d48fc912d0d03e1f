import { Injectable, Logger } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Database } from '@libs/persistence';

import { AccountDirectory } from '../accounts/account-directory.js';
import { ApiKeyStore } from '../api-keys/api-key.store.js';
import { AddressBook, type Addressee, isSameAddress } from '../email-addresses/address-book.js';
import { UserMailer } from '../emails/user-mailer.js';
import { MailTokenStore } from '../mail-tokens/mail-token.store.js';
import { SecondFactors } from '../second-factors/second-factors.js';
import { SecurityLog } from '../security-events/security-log.js';
import { SessionStore } from '../sessions/session.store.js';
import { PendingEmailStore } from '../email-addresses/pending-email.store.js';
import type { VerifiedEmail } from '../email-addresses/verified-email.entity.js';
import { VerifiedEmailStore } from '../email-addresses/verified-email.store.js';

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
  private readonly logger = new Logger(EmailProofs.name);

  constructor(
    private readonly database: Database,
    private readonly accounts: AccountDirectory,
    private readonly verified: VerifiedEmailStore,
    private readonly pending: PendingEmailStore,
    private readonly tokens: MailTokenStore,
    private readonly sessions: SessionStore,
    private readonly apiKeys: ApiKeyStore,
    private readonly factors: SecondFactors,
    private readonly book: AddressBook,
    private readonly mailer: UserMailer,
    private readonly log: SecurityLog,
  ) {}

  /** In the transaction that uses what proves it. `announce` comes after the commit. */
  async record(user: Addressee, email: string, { sessionId, address }: Prover): Promise<void> {
    await this.database.transaction(async () => {
      const userId = user.id;
      const before = await this.verified.find(userId);
      if (before !== null && isSameAddress(before.email, email)) return this.verified.renew(userId);

      // Who was deleted and restored has confirmed one, too: tenant-service has kept that.
      const isFirst = before === null && user.emailVerified !== true;
      // To the one before, which is still the one of the book.
      if (!isFirst && !isSameAddress(await this.book.addressOf(user), email))
        await this.mailer.notice('email-changed', user);
      await this.verified.put(userId, email, isFirst);
      await this.pending.forgetUser(userId);
      await this.tokens.voidAllOf(userId, 'verify-email');
      await this.tokens.voidAllOf(userId, 'reset-password');
      if (isFirst) await this.voidWhatOthersBound(userId, sessionId);
      await this.log.note('email.verified', { user_id: userId, client_address: address });
    });
  }

  /** Tells tenant-service. False when somebody else was faster: then nothing was proved. */
  async announce(userId: string): Promise<boolean> {
    const proof = await this.verified.find(userId);
    if (proof === null || proof.announcedAt !== null) return true;
    try {
      return await this.tell(proof);
    } catch (error) {
      this.logger.warn({ msg: 'a confirmed address will be told to tenant-service later', err: error });
      return true;
    }
  }

  /** What a crash or an outage has left behind, and what was confirmed before tenant-service kept it. */
  async announceAll(): Promise<void> {
    for (const proof of await this.verified.unannounced()) {
      await this.tell(proof).catch((error: unknown) => {
        // What tenant-service does not accept keeps the others from nothing.
        if (!(error instanceof Refusal) || error.entry.status >= 500) throw error;
        this.logger.error({ msg: 'tenant-service does not accept a confirmed address', user_id: proof.id, err: error });
      });
    }
  }

  private async tell(proof: VerifiedEmail): Promise<boolean> {
    const { id: userId, email, isFirst } = proof;
    const outcome = await this.accounts.confirmEmail({ userId, email, isFirst: isFirst === true });
    if (outcome !== 'refused') await this.verified.announced(proof);
    else await this.verified.forget(proof);
    return outcome === 'confirmed';
  }

  private async voidWhatOthersBound(userId: string, keptSessionId: string): Promise<void> {
    await this.sessions.endAllOf(userId, 'email-proved', keptSessionId);
    await this.apiKeys.revokeAllOf(userId);
    await this.factors.forgetUser(userId);
  }
}
