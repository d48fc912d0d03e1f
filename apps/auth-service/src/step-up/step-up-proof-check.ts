import { Injectable } from '@nestjs/common';

import { PasswordCheck } from '../credentials/password-check.js';
import type { Addressee } from '../email-addresses/address-book.js';
import { FactorCheck } from '../second-factors/factor-check.js';
import { StepUp } from './step-up.js';
import type { StepUpProof } from './step-up.schema.js';

/** Tells whether a proof is right, and enough for this account. */
@Injectable()
export class StepUpProofCheck {
  constructor(
    private readonly stepUp: StepUp,
    private readonly passwords: PasswordCheck,
    private readonly factors: FactorCheck,
  ) {}

  /** What was used, in the words of RFC 8176; undefined for a wrong one. */
  async check(user: Addressee, { password, ...proof }: StepUpProof): Promise<string[] | undefined> {
    if (password === undefined) {
      const amr = await this.factors.check(user, proof);
      return amr && [...amr, 'mfa'];
    }
    if (!(await this.stepUp.methodsOf(user.id)).includes('password')) return undefined;
    return (await this.passwords.isRight(user.id, password)) ? ['pwd'] : undefined;
  }
}
