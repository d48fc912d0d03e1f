import { Injectable } from '@nestjs/common';

import { invalidField } from '@libs/errors';
import { UserStatus } from '@libs/grpc';
import { Database, IdempotentRun } from '@libs/persistence';

import { AccountDirectory } from '../accounts/account-directory.js';
import { TokenProofs } from '../email-verification/token-proofs.js';
import { AddressBook, isSameAddress } from '../email-addresses/address-book.js';
import { rejected } from '../mail-tokens/mail-token-check.js';
import { SecurityLog } from '../security-events/security-log.js';
import { namesOwner } from '../credentials/common-passwords.js';
import type { ResetPassword } from './forgotten-password.schema.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { PasswordReplacement } from './password-replacement.js';

/** Eight are handed in: what the token proves, the new password and what follows from both are one transaction. */
@Injectable()
export class ResetPasswordService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountDirectory,
    private readonly proofs: TokenProofs,
    private readonly book: AddressBook,
    private readonly hasher: PasswordHasher,
    private readonly passwords: PasswordReplacement,
    private readonly log: SecurityLog,
    private readonly run: IdempotentRun,
  ) {}

  /** Ends all sessions: whoever has forgotten a password may have lost more. A second factor is still asked for. */
  async reset({ token: text, newPassword }: ResetPassword, address: string): Promise<void> {
    const token = await this.proofs.find(text, 'reset-password', address);
    const { userId, email } = token;
    const account = await this.accounts.find(userId);
    if (account === undefined) throw rejected('the user is gone');
    // A lock may be there to keep out whoever reads the letters.
    if (account.user.status !== UserStatus.ACTIVE) throw rejected('the user is shut out');
    if (!isSameAddress(await this.book.addressOf(account.user), email)) throw rejected('the address is another one');
    await this.proofs.refuseTaken(token);
    if (namesOwner(newPassword, account.user)) throw invalidField('newPassword', 'NOT_ALLOWED', 'is a name of yours');

    const passwordHash = await this.hasher.hashNew(newPassword, 'newPassword');
    await this.database.transaction(async () => {
      await this.proofs.use(token);
      await this.passwords.replace(userId, passwordHash, 'password-set', { tell: account.user });
      await this.proofs.record(account.user, token, { sessionId: '', address });
      await this.log.note('password.reset', { user_id: userId, client_address: address });
      await this.run.concludeWith(undefined);
    });
    await this.proofs.announce(token);
  }
}
