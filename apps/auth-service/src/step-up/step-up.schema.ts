import { z } from 'zod';

import { exactlyOneOf, factorProof } from '../second-factors/factor-proof.schema.js';

export const StepUpProof = z
  .strictObject({
    password: z.string().min(1).max(512).optional().describe('only of an account without a second factor'),
    ...factorProof,
  })
  .check(exactlyOneOf('password', 'totp', 'recoveryCode', 'passkey'))
  .meta({ id: 'StepUpProof', examples: [{ totp: '492039' }] });
export type StepUpProof = z.infer<typeof StepUpProof>;

export const StepUpAnswer = z
  .object({
    accessToken: z.string().describe('in place of the one before, with the new auth_time and amr'),
    tokenType: z.literal('Bearer'),
    expiresIn: z.int().describe('seconds'),
  })
  .meta({ id: 'StepUp' });
export type StepUpAnswer = z.infer<typeof StepUpAnswer>;
