import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { AccountDirectory } from '../accounts/account-directory.js';
import type { Asker } from '../caller/asker.js';
import { PasswordCheck } from '../credentials/password-check.js';
import { GuessCounter } from '../guessing/guess-counter.js';
import type { Addressee } from '../emails/user-mailer.js';
import { FactorCheck } from '../second-factors/factor-check.js';
import { SecurityLog } from '../security-events/security-log.js';
import { SessionStore } from '../sessions/session.store.js';
import { TokenIssuer } from '../sessions/token-issuer.js';
import { StepUp } from './step-up.js';
import type { StepUpAnswer, StepUpProof } from './step-up.schema.js';

@Injectable()
export class StepUpService {
  constructor(
    private readonly stepUp: StepUp,
    private readonly accounts: AccountDirectory,
    private readonly passwords: PasswordCheck,
    private readonly factors: FactorCheck,
    private readonly sessions: SessionStore,
    private readonly tokens: TokenIssuer,
    private readonly guesses: GuessCounter,
    private readonly log: SecurityLog,
  ) {}

  /** Proves once more who has the session, and writes down how. */
  async prove(proof: StepUpProof, tenantId: string, { userId, sessionId, address }: Asker): Promise<StepUpAnswer> {
    await this.guesses.beforeSecretOfSession(sessionId, address);
    const account = await this.accounts.find(userId, tenantId);
    if (account === undefined) throw new Refusal('AUTH_CREDENTIALS_REJECTED', { internal: 'the user is gone' });
    const facts = { user_id: userId, session_id: sessionId, client_address: address };

    const amr = await this.check(account.user, proof);
    if (amr === undefined) {
      await this.log.note('step-up.failed', facts);
      throw new Refusal('AUTH_SECOND_FACTOR_FAILED');
    }
    const session = await this.sessions.strengthen({ id: sessionId, userId }, amr);
    if (session === null) throw new Refusal('AUTH_CREDENTIALS_REJECTED', { internal: 'the session has ended' });
    await this.log.note('step-up.succeeded', facts);
    return { ...(await this.tokens.issue(session, account)), tokenType: 'Bearer' };
  }

  private async check(user: Addressee, { password, ...proof }: StepUpProof): Promise<string[] | undefined> {
    if (password === undefined) {
      const amr = await this.factors.check(user, proof);
      return amr && [...amr, 'mfa'];
    }
    if (!(await this.stepUp.methodsOf(user.id)).includes('password')) return undefined;
    return (await this.passwords.isRight(user.id, password)) ? ['pwd'] : undefined;
  }
}
