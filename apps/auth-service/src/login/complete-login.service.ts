import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { GuessCounter } from '../guessing/guess-counter.js';
import { SecurityLog } from '../security-events/security-log.js';
import type { Client } from '../caller/client.js';
import { SessionOpening } from '../sessions/session-opening.js';
import type { TokensAnswer } from '../sessions/tokens.schema.js';
import { SessionStore } from '../sessions/session.store.js';
import type { CompleteLogin } from './complete-login.schema.js';
import { FactorCheck } from '../second-factors/factor-check.js';
import { LoginChallenge } from './login-challenge.js';

@Injectable()
export class CompleteLoginService {
  constructor(
    private readonly challenge: LoginChallenge,
    private readonly guesses: GuessCounter,
    private readonly sessions: SessionStore,
    private readonly factors: FactorCheck,
    private readonly opening: SessionOpening,
    private readonly log: SecurityLog,
  ) {}

  async complete({ challenge: token, ...proof }: CompleteLogin, client: Client): Promise<TokensAnswer> {
    const { address } = client;
    const challenge = await this.challenge.read(token);
    const userId = challenge.subject;
    const lastSessionHere = await this.sessions.lastFrom(address, userId);
    await this.guesses.beforeSecondFactor({ userId, address, lastSessionHere });

    const account = await this.opening.accountOf(userId);
    const amr = await this.factors.check(account.user, proof);
    if (amr === undefined) {
      await this.log.note('login.failed', { user_id: userId, client_address: address, reason: 'second factor' });
      throw new Refusal('AUTH_SECOND_FACTOR_FAILED');
    }
    await this.challenge.use(challenge);
    return this.opening.open(account, ['pwd', ...amr, 'mfa'], client);
  }
}
