import { Injectable } from '@nestjs/common';

import { Database } from '@libs/persistence';

import { type Addressee, UserMailer } from '../emails/user-mailer.js';
import { PasskeyCheck } from '../passkeys/passkey-check.js';
import type { FactorProof } from './factor-proof.schema.js';
import { RecoveryCodeStore } from './recovery-code.store.js';
import { TotpStore } from './totp.store.js';

/** Tells whether somebody has a second factor of a user. Whatever is accepted is used up. */
@Injectable()
export class FactorCheck {
  constructor(
    private readonly database: Database,
    private readonly totp: TotpStore,
    private readonly recoveryCodes: RecoveryCodeStore,
    private readonly passkeys: PasskeyCheck,
    private readonly mailer: UserMailer,
  ) {}

  /** What was used, in the words of RFC 8176; undefined for a wrong one. */
  async check(user: Addressee, { totp, recoveryCode, passkey }: FactorProof): Promise<string[] | undefined> {
    if (totp !== undefined) return (await this.totp.take(user.id, totp)) ? ['otp'] : undefined;
    if (recoveryCode !== undefined) return (await this.takeRecoveryCode(user, recoveryCode)) ? ['otp'] : undefined;
    if (passkey === undefined) return undefined;
    const found = await this.passkeys.check(passkey);
    return found?.userId === user.id ? [found.amr] : undefined;
  }

  private takeRecoveryCode(user: Addressee, code: string): Promise<boolean> {
    return this.database.transaction(async () => {
      if (!(await this.recoveryCodes.take(user.id, code))) return false;
      await this.mailer.notice('recovery-code-used', user);
      return true;
    });
  }
}
