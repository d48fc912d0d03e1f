import { Injectable } from '@nestjs/common';

import { invalidField, Refusal } from '@libs/errors';

import { GuessCounter } from '../guessing/guess-counter.js';
import type { Addressee } from '../emails/user-mailer.js';
import { SecurityLog } from '../security-events/security-log.js';
import { SessionStore } from '../sessions/session.store.js';
import type { NewTotpAnswer } from './second-factor.schema.js';
import { SecondFactors } from '../second-factors/second-factors.js';
import { totpUri } from '../second-factors/totp.js';
import { TotpStore } from '../second-factors/totp.store.js';

@Injectable()
export class TotpService {
  constructor(
    private readonly totp: TotpStore,
    private readonly factors: SecondFactors,
    private readonly sessions: SessionStore,
    private readonly guesses: GuessCounter,
    private readonly log: SecurityLog,
  ) {}

  async begin({ id, username }: Addressee): Promise<NewTotpAnswer> {
    const secret = await this.totp.begin(id);
    if (secret === undefined) throw new Refusal('RESOURCE_CONFLICT', { detail: 'Remove the app that is there first.' });
    return { secret, uri: totpUri(secret, username) };
  }

  /** The session has shown a code, so it goes on as one that was opened with two factors. */
  async confirm(user: Addressee, code: string, sessionId: string, address: string): Promise<string[]> {
    await this.guesses.beforeSecretOfSession(sessionId, address);
    const recoveryCodes = await this.factors.add(user, 'totp-added', async () => {
      if (!(await this.totp.confirm(user.id, code))) return false;
      await this.log.note('totp.added', { user_id: user.id, session_id: sessionId, client_address: address });
      return true;
    });
    if (recoveryCodes === undefined) throw invalidField('code', 'WRONG', 'is not what the new app shows now');
    await this.sessions.strengthen({ id: sessionId, userId: user.id }, ['otp', 'mfa']);
    return recoveryCodes;
  }

  async remove(user: Addressee): Promise<void> {
    const removed = await this.factors.remove(user, 'totp-removed', async () => {
      if (!(await this.totp.delete(user.id))) return false;
      await this.log.note('totp.removed', { user_id: user.id });
      return true;
    });
    if (!removed) throw new Refusal('RESOURCE_NOT_FOUND');
  }
}
