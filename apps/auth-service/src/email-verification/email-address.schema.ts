import { z } from 'zod';

import { MailTokenText } from '../mail-tokens/mail-token.js';

export const VerifyEmail = z.strictObject({ token: MailTokenText }).meta({ id: 'VerifyEmail' });
export type VerifyEmail = z.infer<typeof VerifyEmail>;

export const EmailAnswer = z
  .object({
    email: z.string(),
    verified: z.boolean().describe('whether the owner has read a letter at this address'),
    verifiedAt: z.iso.datetime().nullable(),
    pendingEmail: z.string().optional().describe('what takes its place once it is confirmed'),
  })
  .meta({ id: 'EmailAddress' });
export type EmailAnswer = z.infer<typeof EmailAnswer>;
