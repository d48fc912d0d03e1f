import { Injectable } from '@nestjs/common';

import { Database } from '@libs/persistence';

import { SecurityLog } from '../security-events/security-log.js';
import { CredentialStore } from './credential.store.js';
import { PasswordHasher } from './password-hasher.js';

/** Tells whether somebody knows the password of a user, and brings its hash up to date while it is known. */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly database: Database,
    private readonly credentials: CredentialStore,
    private readonly hasher: PasswordHasher,
    private readonly log: SecurityLog,
  ) {}

  refuseIfBusy(): void {
    this.hasher.refuseIfBusy();
  }

  /** Takes the same time for a user who does not exist. */
  async isRight(userId: string, password: string): Promise<boolean> {
    const storedHash = await this.credentials.hashOf(userId);
    if (!(await this.hasher.verify(storedHash, password)) || storedHash === undefined) return false;
    if (this.hasher.isOutdated(storedHash)) await this.renew(userId, storedHash, password);
    return true;
  }

  /** The work of a password that is nobody's. */
  async pretend(password: string): Promise<void> {
    await this.isRight('', password);
  }

  private async renew(userId: string, storedHash: string, password: string): Promise<void> {
    const passwordHash = await this.hasher.hash(password);
    await this.database.transaction(async () => {
      await this.credentials.renewHash(userId, storedHash, passwordHash);
      await this.log.note('password.rehashed', { user_id: userId });
    });
  }
}
