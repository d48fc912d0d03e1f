import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { type User, UserStatus } from '@libs/grpc';
import { Database } from '@libs/persistence';

import { AccountDirectory } from '../accounts/account-directory.js';
import { GuessCounter } from '../guessing/guess-counter.js';
import { LetterBox } from '../letters/letter-box.js';
import { MailTokenCheck, rejected } from '../mail-tokens/mail-token-check.js';
import { SecurityLog } from '../security-log.js';
import type { EmailAnswer } from './email-address.schema.js';
import type { VerifiedEmail } from './verified-email.entity.js';
import { VerifiedEmailStore } from './verified-email.store.js';

/** Whether the address of a user, which is tenant-service's to keep, was confirmed, which is ours to know. */
@Injectable()
export class EmailAddressService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountDirectory,
    private readonly verified: VerifiedEmailStore,
    private readonly tokens: MailTokenCheck,
    private readonly letters: LetterBox,
    private readonly guesses: GuessCounter,
    private readonly log: SecurityLog,
  ) {}

  async describe(userId: string): Promise<EmailAnswer> {
    const { user, verifiedAt } = await this.stateOf(userId);
    return { email: user.email, verified: verifiedAt !== undefined, verifiedAt: verifiedAt?.toISOString() ?? null };
  }

  /** Whether confirming would replace an address that was confirmed before: that is a change of a way in. */
  async replacesAnother(userId: string): Promise<boolean> {
    const { before, verifiedAt } = await this.stateOf(userId);
    return before !== null && verifiedAt === undefined;
  }

  async sendVerification(userId: string): Promise<void> {
    const { user, verifiedAt } = await this.stateOf(userId);
    if (verifiedAt !== undefined) throw new Refusal('RESOURCE_CONFLICT', { detail: 'The address is confirmed.' });
    await this.guesses.beforeWritingTo(userId);
    await this.letters.verification(user);
  }

  async verify(text: string, address: string): Promise<void> {
    const token = await this.tokens.find(text, 'verify-email', address);
    const { userId, email } = token;
    const user = (await this.accounts.find(userId))?.user;
    if (user === undefined || !isSame(user.email, email)) throw rejected('the address is another one by now');
    if (user.status !== UserStatus.ACTIVE) throw rejected('the user is shut out');
    await this.database.transaction(async () => {
      await this.tokens.use(token);
      const before = await this.verified.find(userId);
      await this.verified.put(userId, email);
      await this.log.note('email.verified', { user_id: userId, client_address: address });
      if (before === null || isSame(before.email, email)) return;
      await this.letters.notice('email-changed', { ...user, email: before.email });
    });
  }

  private async stateOf(userId: string): Promise<{ user: User; before: VerifiedEmail | null; verifiedAt?: Date }> {
    const [account, before] = await Promise.all([this.accounts.find(userId), this.verified.find(userId)]);
    if (account === undefined) throw new Refusal('RESOURCE_NOT_FOUND', { internal: 'the user is gone' });
    const isCurrent = before !== null && isSame(before.email, account.user.email);
    return { user: account.user, before, ...(isCurrent ? { verifiedAt: before.verifiedAt } : {}) };
  }
}

/** Case does not count in a user's address. */
const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
