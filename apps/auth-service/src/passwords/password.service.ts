import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Database } from '@libs/persistence';

import { AccountDirectory } from '../accounts/account-directory.js';
import { SecurityLog } from '../security-events/security-log.js';
import { CredentialStore } from '../credentials/credential.store.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { PasswordReplacement } from './password-replacement.js';

/** What operators and other services do to the password of somebody else. */
@Injectable()
export class PasswordService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountDirectory,
    private readonly credentials: CredentialStore,
    private readonly hasher: PasswordHasher,
    private readonly passwords: PasswordReplacement,
    private readonly log: SecurityLog,
  ) {}

  /** A password that changes ends the sessions of the user; the one that is set already changes nothing. */
  async setPassword(userId: string, password: string): Promise<void> {
    await this.requireUser(userId);
    const stored = await this.credentials.hashOf(userId);
    if (stored !== undefined && (await this.hasher.verify(stored, password))) return;
    await this.replace(userId, await this.hasher.hashNew(password, 'password'), 'password.set');
  }

  /** Takes over a password that only its owner knows. At the next login it is hashed as all others are. */
  async importHash(userId: string, passwordHash: string): Promise<void> {
    await this.requireUser(userId);
    if ((await this.credentials.hashOf(userId)) === passwordHash) return;
    await this.replace(userId, passwordHash, 'password.imported');
  }

  private async replace(userId: string, passwordHash: string, event: 'password.set' | 'password.imported') {
    await this.database.transaction(async () => {
      await this.passwords.replace(userId, passwordHash, 'password-set');
      await this.log.note(event, { user_id: userId });
    });
  }

  private async requireUser(userId: string): Promise<void> {
    if ((await this.accounts.find(userId)) === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
  }
}
