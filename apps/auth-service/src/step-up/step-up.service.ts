import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { AccountDirectory } from '../accounts/account-directory.js';
import type { Asker } from '../caller/asker.js';
import { GuessCounter } from '../guessing/guess-counter.js';
import { SecurityLog } from '../security-events/security-log.js';
import { SessionStore } from '../sessions/session.store.js';
import { TokenIssuer } from '../sessions/token-issuer.js';
import { StepUpProofCheck } from './step-up-proof-check.js';
import type { StepUpAnswer, StepUpProof } from './step-up.schema.js';

@Injectable()
export class StepUpService {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly proofs: StepUpProofCheck,
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

    const amr = await this.proofs.check(account.user, proof);
    if (amr === undefined) {
      await this.log.note('step-up.failed', facts);
      throw new Refusal('AUTH_SECOND_FACTOR_FAILED');
    }
    const session = await this.sessions.strengthen({ id: sessionId, userId }, amr);
    if (session === null) throw new Refusal('AUTH_CREDENTIALS_REJECTED', { internal: 'the session has ended' });
    await this.log.note('step-up.succeeded', facts);
    return { ...(await this.tokens.issue(session, account)), tokenType: 'Bearer' };
  }
}
