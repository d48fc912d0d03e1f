import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { Database } from '@libs/persistence';
import type { Identity } from '@libs/trusted-headers';

import { AccountDirectory } from '../accounts/account-directory.js';
import { UserMailer } from '../emails/user-mailer.js';
import { SecurityLog } from '../security-events/security-log.js';
import { SessionStore } from '../sessions/session.store.js';
import { StepUp } from '../step-up/step-up.js';
import { SecondFactors } from '../second-factors/second-factors.js';

/**
 * What operators do for who has lost the phone and the recovery codes, having made sure who asks. Seven are handed in: it
 * is one transaction over all that the factors had opened.
 */
@Injectable()
export class LostFactorsService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountDirectory,
    private readonly stepUp: StepUp,
    private readonly factors: SecondFactors,
    private readonly sessions: SessionStore,
    private readonly mailer: UserMailer,
    private readonly log: SecurityLog,
  ) {}

  /** Sessions end: one of them may be in the hands of who has found the phone. The owner is told where letters reach them. */
  async remove(operator: Identity, userId: string): Promise<void> {
    await this.stepUp.requireOfOperator(operator);
    const user = (await this.accounts.find(userId))?.user;
    if (user === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
    await this.database.transaction(async () => {
      const methods = await this.factors.methodsOf(userId);
      if (methods.length === 0) throw new Refusal('RESOURCE_NOT_FOUND');
      await this.factors.forgetUser(userId);
      await this.sessions.endAllOf(userId, 'second-factors-removed');
      await this.mailer.notice('second-factors-removed', user);
      await this.log.note('second-factors.removed', { user_id: userId, reason: methods.join(' ') });
    });
  }
}
