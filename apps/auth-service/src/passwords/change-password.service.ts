import { Injectable } from '@nestjs/common';

import { invalidField, Refusal } from '@libs/errors';
import type { User } from '@libs/grpc';
import { Database, IdempotentRun } from '@libs/persistence';

import { AccountDirectory } from '../accounts/account-directory.js';
import type { Asker } from '../caller/asker.js';
import { GuessCounter } from '../guessing/guess-counter.js';
import { SecurityLog } from '../security-events/security-log.js';
import type { ChangePassword } from './change-password.schema.js';
import { namesOwner } from '../credentials/common-passwords.js';
import { PasswordCheck } from '../credentials/password-check.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { PasswordReplacement } from './password-replacement.js';

/** Eight are handed in: the old password is checked and counted, and what the new one ends is one transaction. */
@Injectable()
export class ChangePasswordService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountDirectory,
    private readonly check: PasswordCheck,
    private readonly hasher: PasswordHasher,
    private readonly passwords: PasswordReplacement,
    private readonly guesses: GuessCounter,
    private readonly log: SecurityLog,
    private readonly run: IdempotentRun,
  ) {}

  /** The current password is asked for, so that a session left open does not give the account away. */
  async change({ currentPassword, newPassword }: ChangePassword, asker: Asker): Promise<void> {
    const { userId, sessionId, address } = asker;
    await this.guesses.beforeSecretOfSession(sessionId, address);
    if (!(await this.check.isRight(userId, currentPassword))) {
      await this.log.note('password.change-failed', {
        user_id: userId,
        session_id: sessionId,
        client_address: address,
      });
      throw invalidField('currentPassword', 'WRONG', 'is not the password of this account');
    }
    const user = await this.refuseOwnName(userId, newPassword);

    const passwordHash = await this.hasher.hashNew(newPassword, 'newPassword');
    await this.database.transaction(async () => {
      await this.passwords.replace(userId, passwordHash, 'password-changed', { keep: sessionId, tell: user });
      await this.log.note('password.changed', { user_id: userId, session_id: sessionId, client_address: address });
      await this.run.concludeWith(undefined);
    });
  }

  private async refuseOwnName(userId: string, newPassword: string): Promise<User> {
    const account = await this.accounts.find(userId);
    if (account === undefined) throw new Refusal('RESOURCE_NOT_FOUND', { internal: 'the user is gone' });
    if (namesOwner(newPassword, account.user)) throw invalidField('newPassword', 'NOT_ALLOWED', 'is a name of yours');
    return account.user;
  }
}
