import { z } from 'zod';

import type { Tenant, User } from '@libs/grpc';
import { singleLine } from '@libs/service';

import { TenantAnswer, toTenantAnswer, toUserAnswer, UserAnswer } from '../accounts/account.schema.js';
import { namesOwner } from '../credentials/common-passwords.js';
import { Password } from '../credentials/password.schema.js';

const displayedName = singleLine(100);

export const Register = z
  .strictObject({
    username: z
      .string()
      .min(3)
      .max(50)
      .regex(/^[A-Za-z0-9._-]+$/)
      .toLowerCase()
      .describe('letters, digits, dot, underscore and dash; case does not count'),
    email: z.email().max(254).toLowerCase(),
    password: Password,
    displayName: displayedName.optional().describe('the user name if absent'),
    tenantName: displayedName.optional().describe('the name of the first tenant; the user name if absent'),
  })
  .check(({ value, issues }) => {
    if (!namesOwner(value.password, value)) return;
    const message = 'is a name of yours';
    issues.push({ code: 'invalid_value', values: [], input: value.password, path: ['password'], message });
  })
  .meta({ id: 'Register' });
export type Register = z.infer<typeof Register>;

export const RegisteredAnswer = z.object({ user: UserAnswer, tenant: TenantAnswer }).meta({ id: 'Registration' });
export type RegisteredAnswer = z.infer<typeof RegisteredAnswer>;

export const toRegisteredAnswer = (opened: { user: User; tenant: Tenant }): RegisteredAnswer => ({
  user: toUserAnswer(opened.user),
  tenant: toTenantAnswer(opened.tenant),
});
