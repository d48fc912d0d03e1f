import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { GuessCounter } from '../guessing/guess-counter.js';
import { SecurityLog } from '../security-events/security-log.js';
import type { Client } from '../caller/client.js';
import { SessionOpening } from '../sessions/session-opening.js';
import type { TokensAnswer } from '../sessions/tokens.schema.js';
import { PasskeyCheck } from '../passkeys/passkey-check.js';
import type { PasskeyAssertion } from '../passkeys/passkey.schema.js';

@Injectable()
export class PasskeyLoginService {
  constructor(
    private readonly passkeys: PasskeyCheck,
    private readonly opening: SessionOpening,
    private readonly guesses: GuessCounter,
    private readonly log: SecurityLog,
  ) {}

  /** Two factors at once: something that one has, and what its authenticator has asked for before it signed. */
  async login(assertion: PasskeyAssertion, client: Client): Promise<TokensAnswer> {
    await this.guesses.beforeToken(client.address);
    const found = await this.passkeys.check(assertion);
    if (found === undefined) {
      await this.log.note('login.failed', { client_address: client.address, reason: 'passkey' });
      throw new Refusal('AUTH_SECOND_FACTOR_FAILED');
    }
    return this.opening.open(await this.opening.accountOf(found.userId), [found.amr, 'mfa'], client);
  }
}
