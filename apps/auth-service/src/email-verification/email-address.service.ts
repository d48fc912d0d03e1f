import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { type User, UserStatus } from '@libs/grpc';
import { Database } from '@libs/persistence';
import { currentContextOrNone } from '@libs/trusted-headers';

import { AccountDirectory } from '../accounts/account-directory.js';
import { ownUser } from '../accounts/own-account.js';
import { GuessCounter } from '../guessing/guess-counter.js';
import { AddressBook, isSameAddress } from '../email-addresses/address-book.js';
import { UserMailer } from '../emails/user-mailer.js';
import { MailTokenCheck, rejected } from '../mail-tokens/mail-token-check.js';
import { SecurityLog } from '../security-events/security-log.js';
import type { EmailAnswer } from './email-address.schema.js';
import { EnteredAddresses } from '../email-addresses/entered-addresses.js';
import { EmailProofs, type Prover } from './email-proofs.js';
import { PendingEmailStore } from '../email-addresses/pending-email.store.js';
import { VerifiedEmailStore } from '../email-addresses/verified-email.store.js';

/** The address of a user: which one is confirmed, and which one waits for its proof. */
@Injectable()
export class EmailAddressService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountDirectory,
    private readonly verified: VerifiedEmailStore,
    private readonly pending: PendingEmailStore,
    private readonly entered: EnteredAddresses,
    private readonly proofs: EmailProofs,
    private readonly tokens: MailTokenCheck,
    private readonly book: AddressBook,
    private readonly mailer: UserMailer,
    private readonly guesses: GuessCounter,
    private readonly log: SecurityLog,
  ) {}

  async describe(userId: string): Promise<EmailAnswer> {
    const { email, isVerified, verifiedAt, pendingEmail } = await this.stateOf(userId);
    return {
      email,
      verified: isVerified,
      verifiedAt: verifiedAt?.toISOString() ?? null,
      ...(pendingEmail === undefined ? {} : { pendingEmail }),
    };
  }

  /** Whether confirming would replace another address: that is a change of a way in. */
  async replacesAnother(userId: string): Promise<boolean> {
    return (await this.stateOf(userId)).pendingEmail !== undefined;
  }

  /** The address waits until it is confirmed. Whether somebody else has it is told to its reader alone. */
  async change(userId: string, email: string, asker: 'owner' | 'operator'): Promise<void> {
    const { user, email: present, isVerified } = await this.stateOf(userId);
    if (isSameAddress(present, email)) return this.pending.forgetUser(userId);
    await this.guesses.beforeWritingTo(userId);
    const found = await this.entered.look(userId, email);
    await this.database.transaction(async () => {
      await this.pending.put(userId, email);
      await this.tokens.voidVerificationsOf(userId);
      await this.mailer.verification(user, { ...found, email, asker, address: clientAddress() });
      if (isVerified) await this.mailer.notice('email-change-asked', user);
      await this.log.note('email.change-asked', { user_id: userId, client_address: clientAddress(), reason: asker });
    });
  }

  async sendVerification(userId: string): Promise<void> {
    const { user, email: present, isVerified, pendingEmail } = await this.stateOf(userId);
    if (isVerified && pendingEmail === undefined) {
      throw new Refusal('RESOURCE_CONFLICT', { detail: 'The address is confirmed.' });
    }
    const email = pendingEmail ?? present;
    await this.guesses.beforeWritingTo(userId);
    const found = await this.entered.look(userId, email);
    await this.mailer.verification(user, { ...found, email, asker: 'owner', address: clientAddress() });
  }

  /** `callerId`, whose session it may be: somebody else's has no part in it. */
  async verify(text: string, callerId: string, prover: Prover): Promise<void> {
    const token = await this.tokens.find(text, 'verify-email', prover.address);
    const { userId, email } = token;
    if ((await this.accounts.find(userId)) === undefined) throw rejected('the user is gone');
    const { user, email: present, pendingEmail } = await this.stateOf(userId);
    if (!isSameAddress(pendingEmail ?? present, email)) throw rejected('the address is another one by now');
    if (user.status !== UserStatus.ACTIVE) throw rejected('the user is shut out');
    if (await this.entered.isConfirmedByOther(userId, email)) throw rejected('somebody else has confirmed the address');
    await this.database.transaction(async () => {
      await this.tokens.use(token);
      await this.proofs.record(user, email, callerId === userId ? prover : { ...prover, sessionId: '' });
    });
    if (!(await this.proofs.announce(userId))) throw rejected('somebody else has just confirmed the address');
  }

  /** By a letter of tenant-service that the user has read. */
  async prove(userId: string, email: string, sessionId: string): Promise<void> {
    const { user, email: present, isVerified } = await this.stateOf(userId);
    const isOther = isVerified && !isSameAddress(present, email);
    if (isOther || (await this.entered.isConfirmedByOther(userId, email))) throw notTheirs();
    await this.proofs.record(user, email, { sessionId, address: clientAddress() });
    if (!(await this.proofs.announce(userId))) throw notTheirs();
  }

  private async stateOf(userId: string): Promise<State> {
    const [user, verified, pending] = await Promise.all([
      ownUser(this.accounts, userId),
      this.verified.find(userId),
      this.pending.find(userId),
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

const clientAddress = (): string => currentContextOrNone()?.clientAddress ?? '';

const notTheirs = (): Refusal => new Refusal('RESOURCE_CONFLICT', { internal: 'the address is not theirs to prove' });
