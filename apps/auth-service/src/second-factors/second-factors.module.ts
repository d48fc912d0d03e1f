import { Module } from '@nestjs/common';

import { EmailsModule } from '../emails/emails.module.js';
import { PasskeysModule } from '../passkeys/passkeys.module.js';
import { FactorCheck } from './factor-check.js';
import { RecoveryCodeStore } from './recovery-code.store.js';
import { SecondFactors } from './second-factors.js';
import { TotpStore } from './totp.store.js';

/** What a user can prove who they are with, besides the password. */
@Module({
  imports: [EmailsModule, PasskeysModule],
  providers: [TotpStore, RecoveryCodeStore, SecondFactors, FactorCheck],
  exports: [TotpStore, RecoveryCodeStore, SecondFactors, FactorCheck],
})
export class SecondFactorsModule {}
