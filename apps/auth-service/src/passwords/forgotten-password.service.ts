import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { type User, UserOrigin, UserStatus } from '@libs/grpc';

import { AccountDirectory } from '../accounts/account-directory.js';
import { EnteredAddresses } from '../email-addresses/entered-addresses.js';
import { GuessCounter } from '../guessing/guess-counter.js';
import { AddressBook } from '../email-addresses/address-book.js';
import { UserMailer } from '../emails/user-mailer.js';
import { SecurityLog } from '../security-events/security-log.js';
import { CredentialStore } from '../credentials/credential.store.js';

/** Looked up at once. Whoever comes while more wait is told to come again. */
const mostAtOnce = 100;

/**
 * Sends a token to whoever has forgotten a password. The answer is given before anything is looked up: neither what it
 * says nor the time it takes can tell whether there is such an account. Seven are handed in, most of them to tell whether
 * somebody is to be written to at all.
 */
@Injectable()
export class ForgottenPasswordService implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ForgottenPasswordService.name);
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly accounts: AccountDirectory,
    private readonly credentials: CredentialStore,
    private readonly entered: EnteredAddresses,
    private readonly book: AddressBook,
    private readonly mailer: UserMailer,
    private readonly guesses: GuessCounter,
    private readonly log: SecurityLog,
  ) {}

  async ask(login: string, address: string): Promise<void> {
    await this.guesses.beforeToken(address);
    if (this.running.size >= mostAtOnce) throw new Refusal('SERVICE_UNAVAILABLE', { headers: { 'retry-after': '1' } });
    const work = this.write(login, address).catch((error: unknown) => this.logger.warn({ err: error }, 'no letter'));
    this.running.add(work);
    void work.finally(() => this.running.delete(work));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.running);
  }

  private async write(login: string, address: string): Promise<void> {
    const user = await this.accounts.findByLogin(login);
    if (user === undefined || user.status !== UserStatus.ACTIVE) return;
    if (!(await this.guesses.mayBeWrittenTo(user.id))) return;
    const isConfirmed = await this.book.isConfirmed(user);
    // Whoever has confirmed the address has another account, and nothing to do with this one.
    if (!isConfirmed && (await this.entered.isConfirmedByOther(user.id, user.email))) return;
    if (!isConfirmed && (await this.hasRegisteredItself(user))) return this.tellReader(user);
    await this.mailer.reset(user);
    await this.log.note('password.forgotten', { user_id: user.id, client_address: address });
  }

  /** Somebody else may have made the account: what is in it is not the reader's. No address is filled by many accounts. */
  private async tellReader(user: User): Promise<void> {
    if (await this.guesses.mayBeAsked(user.email)) await this.mailer.opensNothing(user);
  }

  /**
   * The address of an account that an operator has made was named by them, and nobody else's password is bound to it. Of
   * accounts from before this was written down, one with a password may be anybody's, and one without any has never been
   * entered.
   */
  private async hasRegisteredItself({ id, origin = UserOrigin.UNSPECIFIED }: User): Promise<boolean> {
    if (origin === UserOrigin.UNSPECIFIED) return (await this.credentials.hashOf(id)) !== undefined;
    return origin !== UserOrigin.OPERATOR;
  }
}
