import { z } from 'zod';

import { exactlyOneOf, factorProof } from '../second-factors/factor-proof.schema.js';

export const CompleteLogin = z
  .strictObject({
    challenge: z.string().min(1).max(1_000).describe('`challenge.token` of AUTH_SECOND_FACTOR_REQUIRED'),
    ...factorProof,
  })
  .check(exactlyOneOf('totp', 'recoveryCode', 'passkey'))
  .meta({ id: 'CompleteLogin', examples: [{ challenge: 'eyJhbGciOi', totp: '492039' }] });
export type CompleteLogin = z.infer<typeof CompleteLogin>;
