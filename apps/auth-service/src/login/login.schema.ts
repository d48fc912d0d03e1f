import { z } from 'zod';

export const Login = z
  .strictObject({
    login: z.string().trim().min(1).max(254).describe('user name or e-mail address'),
    password: z.string().min(1).max(512),
  })
  .meta({ id: 'Login' });
export type Login = z.infer<typeof Login>;

export const Refresh = z
  .strictObject({
    refreshToken: z.string().min(1).max(200),
  })
  .meta({ id: 'Refresh' });
export type Refresh = z.infer<typeof Refresh>;
