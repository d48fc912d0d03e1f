import { Injectable } from '@nestjs/common';

import { Database } from '@libs/persistence';

import { type Addressee, UserMailer } from '../emails/user-mailer.js';
import type { Happening } from '../emails/email-texts.js';
import { PasskeyStore } from '../passkeys/passkey.store.js';
import { RecoveryCodeStore } from './recovery-code.store.js';
import { TotpStore } from './totp.store.js';

export type FactorMethod = 'totp' | 'passkey' | 'recovery-code';

/** What a user can prove who they are with, besides the password. */
@Injectable()
export class SecondFactors {
  constructor(
    private readonly database: Database,
    private readonly totp: TotpStore,
    private readonly passkeys: PasskeyStore,
    private readonly recoveryCodes: RecoveryCodeStore,
    private readonly mailer: UserMailer,
  ) {}

  async of(userId: string) {
    const [totpConfirmedAt, passkeys, recoveryCodesLeft] = await Promise.all([
      this.totp.confirmedAt(userId),
      this.passkeys.count(userId),
      this.recoveryCodes.left(userId),
    ]);
    return { totpConfirmedAt, passkeys, recoveryCodesLeft };
  }

  /** Empty for a user who has enrolled none: recovery codes alone are no factor. */
  async methodsOf(userId: string): Promise<FactorMethod[]> {
    const { totpConfirmedAt, passkeys, recoveryCodesLeft } = await this.of(userId);
    const enrolled: FactorMethod[] = [
      ...(totpConfirmedAt === undefined ? [] : (['totp'] as const)),
      ...(passkeys === 0 ? [] : (['passkey'] as const)),
    ];
    return enrolled.length === 0 || recoveryCodesLeft === 0 ? enrolled : [...enrolled, 'recovery-code'];
  }

  /** Adds one, and answers the recovery codes that come with the first. Undefined when it was not added. */
  add(user: Addressee, what: Happening, add: () => Promise<boolean>): Promise<string[] | undefined> {
    return this.database.transaction(async () => {
      if (!(await add())) return undefined;
      await this.mailer.notice(what, user);
      return (await this.recoveryCodes.left(user.id)) > 0 ? [] : this.recoveryCodes.renew(user.id);
    });
  }

  /** Removes one, and with the last one the recovery codes. False when it was not there. */
  remove(user: Addressee, what: Happening, remove: () => Promise<boolean>): Promise<boolean> {
    return this.database.transaction(async () => {
      if (!(await remove())) return false;
      await this.mailer.notice(what, user);
      if ((await this.methodsOf(user.id)).length === 0) await this.recoveryCodes.deleteAllOf(user.id);
      return true;
    });
  }

  async forgetUser(userId: string): Promise<void> {
    await this.database.transaction(async () => {
      await this.totp.delete(userId);
      await this.passkeys.deleteAllOf(userId);
      await this.recoveryCodes.deleteAllOf(userId);
    });
  }
}
