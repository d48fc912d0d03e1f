import { z } from 'zod';

import { MailTokenText } from '../mail-tokens/mail-token.js';
import { Password } from '../credentials/password.schema.js';

export const ForgotPassword = z
  .strictObject({
    login: z.string().trim().min(1).max(254).describe('user name or e-mail address'),
  })
  .meta({ id: 'ForgotPassword' });
export type ForgotPassword = z.infer<typeof ForgotPassword>;

export const ResetPassword = z
  .strictObject({ token: MailTokenText, newPassword: Password })
  .meta({ id: 'ResetPassword' });
export type ResetPassword = z.infer<typeof ResetPassword>;
