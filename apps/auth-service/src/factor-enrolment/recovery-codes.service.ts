import { Injectable } from '@nestjs/common';

import { Database } from '@libs/persistence';

import { type Addressee, UserMailer } from '../emails/user-mailer.js';
import { SecurityLog } from '../security-events/security-log.js';
import { RecoveryCodeStore } from '../second-factors/recovery-code.store.js';
import { SecondFactors } from '../second-factors/second-factors.js';

@Injectable()
export class RecoveryCodesService {
  constructor(
    private readonly database: Database,
    private readonly factors: SecondFactors,
    private readonly codes: RecoveryCodeStore,
    private readonly mailer: UserMailer,
    private readonly log: SecurityLog,
  ) {}

  /** Undefined for a user without a second factor. */
  async renew(user: Addressee): Promise<string[] | undefined> {
    if ((await this.factors.methodsOf(user.id)).length === 0) return undefined;
    return this.database.transaction(async () => {
      await this.mailer.notice('recovery-codes-made', user);
      await this.log.note('recovery-codes.made', { user_id: user.id });
      return this.codes.renew(user.id);
    });
  }
}
