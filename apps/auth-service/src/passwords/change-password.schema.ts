import { z } from 'zod';

import { Password } from '../credentials/password.schema.js';

export const ChangePassword = z
  .strictObject({
    currentPassword: z.string().min(1).max(512),
    newPassword: Password,
  })
  .meta({ id: 'ChangePassword' });
export type ChangePassword = z.infer<typeof ChangePassword>;
