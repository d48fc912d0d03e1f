import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { UserStatus } from '@libs/grpc';

import { AccountDirectory } from '../accounts/account-directory.js';
import { EnteredAddresses } from '../email-addresses/entered-addresses.js';
import { GuessCounter } from '../guessing/guess-counter.js';
import { LetterBox } from '../letters/letter-box.js';
import { SecurityLog } from '../security-log.js';

/** Looked up at once. Whoever comes while more wait is told to come again. */
const mostAtOnce = 100;

/**
 * Sends a token to whoever has forgotten a password. The answer is given before anything is looked up: neither what it
 * says nor the time it takes can tell whether there is such an account.
 */
@Injectable()
export class ForgottenPasswordService implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ForgottenPasswordService.name);
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly accounts: AccountDirectory,
    private readonly entered: EnteredAddresses,
    private readonly letters: LetterBox,
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
    // Whoever has confirmed the address has another account, and nothing to do with this one.
    if (user.emailVerified !== true && (await this.entered.isConfirmedByOther(user.id, user.email))) return;
    await this.letters.reset(user);
    await this.log.note('password.forgotten', { user_id: user.id, client_address: address });
  }
}
