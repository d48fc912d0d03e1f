import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { type Challenge, Challenges } from '../challenges/challenges.js';
import { CredentialStore } from '../credentials/credential.store.js';
import { SecondFactors } from '../second-factors/second-factors.js';

const lifetimeMs = 5 * 60_000;

/** What stands between a right password and a session, where a second factor is enrolled. */
@Injectable()
export class LoginChallenge {
  constructor(
    private readonly challenges: Challenges,
    private readonly factors: SecondFactors,
    private readonly credentials: CredentialStore,
  ) {}

  /** Nothing changes for a user without one. */
  async refuseWithoutSecondFactor(userId: string): Promise<void> {
    const methods = await this.factors.methodsOf(userId);
    if (methods.length === 0) return;
    const token = this.challenges.issue('login', userId, lifetimeMs, await this.credentials.hashOf(userId));
    throw new Refusal('AUTH_SECOND_FACTOR_REQUIRED', {
      members: { challenge: { token, methods, expiresIn: lifetimeMs / 1_000 } },
    });
  }

  /** Whose login it is. A password that was changed since voids it. */
  async read(token: string): Promise<Challenge> {
    const challenge = this.challenges.read('login', token);
    if (challenge === undefined) throw rejected('not issued here, or too long ago');
    const passwordHash = await this.credentials.hashOf(challenge.subject);
    if (!this.challenges.isBoundTo(challenge, passwordHash ?? '')) throw rejected('the password has changed');
    return challenge;
  }

  async use(challenge: Challenge): Promise<void> {
    if (!(await this.challenges.use(challenge))) throw rejected('used before');
  }
}

const rejected = (internal: string): Refusal => new Refusal('AUTH_CHALLENGE_REJECTED', { internal });
