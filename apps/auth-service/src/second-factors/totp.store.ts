import { Inject, Injectable } from '@nestjs/common';
import { IsNull, LessThan, Not } from 'typeorm';

import { Database, SealAtRest } from '@libs/persistence';

import { Clock } from '../time/clock.js';
import { AUTH_SETTINGS, type AuthSettings } from '../settings/settings.js';
import { newTotpSecret, stepOfCode } from './totp.js';
import { TotpFactor } from './totp-factor.entity.js';

@Injectable()
export class TotpStore {
  private readonly seal: SealAtRest;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(AUTH_SETTINGS) { encryptionKey }: Pick<AuthSettings, 'encryptionKey'>,
  ) {
    this.seal = new SealAtRest(encryptionKey, 'totp');
  }

  /** The secret of a new app, in place of one that was never confirmed; undefined where one was. */
  begin(userId: string): Promise<string | undefined> {
    const secret = newTotpSecret();
    const factor = { sealedSecret: this.seal.seal(userId, secret), lastStep: 0, createdAt: this.clock.now() };
    return this.database.transaction(async (manager) => {
      const unconfirmed = { id: userId, confirmedAt: IsNull() };
      if ((await manager.update(TotpFactor, unconfirmed, factor)).affected === 1) return secret;
      if (await manager.existsBy(TotpFactor, { id: userId })) return undefined;
      await manager.insert(TotpFactor, { id: userId, confirmedAt: null, ...factor });
      return secret;
    });
  }

  async confirmedAt(userId: string): Promise<Date | undefined> {
    return (await this.database.manager.findOneBy(TotpFactor, { id: userId }))?.confirmedAt ?? undefined;
  }

  /** Makes an app count, with a first code of it. */
  confirm(userId: string, code: string): Promise<boolean> {
    return this.accept(userId, code, false, { confirmedAt: this.clock.now() });
  }

  /** True once for each code: one conditional update decides which of many was first. */
  take(userId: string, code: string): Promise<boolean> {
    return this.accept(userId, code, true, {});
  }

  async delete(userId: string): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      return (await manager.delete(TotpFactor, { id: userId })).affected === 1;
    });
  }

  private async accept(userId: string, code: string, isConfirmed: boolean, change: Partial<TotpFactor>) {
    const confirmedAt = isConfirmed ? Not(IsNull()) : IsNull();
    const factor = await this.database.manager.findOneBy(TotpFactor, { id: userId, confirmedAt });
    if (factor === null) return false;
    const { sealedSecret } = factor;
    const step = stepOfCode(this.seal.open(userId, sealedSecret), code, this.clock.now());
    if (step === undefined) return false;
    return this.database.transaction(async (manager) => {
      const earlier = { id: userId, sealedSecret, confirmedAt, lastStep: LessThan(step) };
      return (await manager.update(TotpFactor, earlier, { ...change, lastStep: step })).affected === 1;
    });
  }
}
