import { z } from 'zod';

import { TotpCode } from '../second-factors/factor-proof.schema.js';

export const NewTotpAnswer = z
  .object({
    secret: z.string().describe('base32, for typing it into an app'),
    uri: z.string().describe('otpauth://…, for a QR code'),
  })
  .meta({ id: 'NewTotp' });
export type NewTotpAnswer = z.infer<typeof NewTotpAnswer>;

export const ConfirmTotp = z.strictObject({ code: TotpCode }).meta({ id: 'ConfirmTotp' });
export type ConfirmTotp = z.infer<typeof ConfirmTotp>;

export const RecoveryCodesAnswer = z
  .object({
    recoveryCodes: z.array(z.string()).describe('shown this once; empty where there are some already'),
  })
  .meta({ id: 'RecoveryCodes' });
export type RecoveryCodesAnswer = z.infer<typeof RecoveryCodesAnswer>;

export const SecondFactorsAnswer = z
  .object({
    totp: z.object({ confirmedAt: z.iso.datetime() }).nullable(),
    passkeys: z.int(),
    recoveryCodesLeft: z.int(),
  })
  .meta({ id: 'SecondFactors' });
export type SecondFactorsAnswer = z.infer<typeof SecondFactorsAnswer>;
