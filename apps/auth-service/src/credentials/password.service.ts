import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Database } from '@libs/persistence';

import { AccountDirectory } from '../accounts/account-directory.js';
import { SessionStore } from '../sessions/session.store.js';
import { CredentialStore } from './credential.store.js';
import { PasswordHasher } from './password-hasher.js';

@Injectable()
export class PasswordService {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly credentials: CredentialStore,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionStore,
    private readonly database: Database,
  ) {}

  /** A password that changes ends the sessions of the user; the one that is set already changes nothing. */
  async setPassword(userId: string, password: string): Promise<void> {
    if ((await this.accounts.find(userId)) === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
    const stored = await this.credentials.hashOf(userId);
    if (stored !== undefined && (await this.hasher.verify(stored, password))) return;

    const passwordHash = await this.hasher.hash(password);
    await this.database.transaction(async () => {
      await this.credentials.put(userId, passwordHash);
      await this.sessions.endAllOf(userId, 'password-set');
    });
  }
}
