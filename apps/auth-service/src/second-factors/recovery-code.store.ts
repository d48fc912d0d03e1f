import { Inject, Injectable } from '@nestjs/common';

import { Database, newId } from '@libs/persistence';

import { Clock } from '../time/clock.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';
import { codesInSet, newRecoveryCode, RecoveryCodeHasher } from './recovery-code.js';
import { RecoveryCode } from './recovery-code.entity.js';

@Injectable()
export class RecoveryCodeStore {
  private readonly hasher: RecoveryCodeHasher;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(AUTH_SETTINGS) { encryptionKey }: Pick<AuthSettings, 'encryptionKey'>,
  ) {
    this.hasher = new RecoveryCodeHasher(encryptionKey);
  }

  left(userId: string): Promise<number> {
    return this.database.manager.countBy(RecoveryCode, { userId });
  }

  /** A new set in place of the one before. The codes in clear are for the answer alone. */
  async renew(userId: string): Promise<string[]> {
    const codes = Array.from({ length: codesInSet }, newRecoveryCode);
    const createdAt = this.clock.now();
    await this.database.transaction(async (manager) => {
      await manager.delete(RecoveryCode, { userId });
      const rows = codes.map((code) => ({ id: newId(), userId, codeHash: this.hasher.hash(userId, code), createdAt }));
      await manager.insert(RecoveryCode, rows);
    });
    return codes;
  }

  /** True once for each code. */
  take(userId: string, code: string): Promise<boolean> {
    const codeHash = this.hasher.hash(userId, code);
    return this.database.transaction(async (manager) => {
      return (await manager.delete(RecoveryCode, { userId, codeHash })).affected === 1;
    });
  }

  async deleteAllOf(userId: string): Promise<void> {
    await this.database.transaction((manager) => manager.delete(RecoveryCode, { userId }));
  }
}
