import { z } from 'zod';

import { Id } from '../ids/id.schema.js';
import { tenantName } from '../tenants/tenant.schema.js';
import { CreateUser, email } from '../users/user.schema.js';

export const OpenAccount = CreateUser.extend({ userId: Id, tenantId: Id, tenantName });
export type OpenAccount = z.output<typeof OpenAccount>;

export const ConfirmEmail = z.object({ userId: Id, email, isFirst: z.boolean() });
export type ConfirmEmail = z.output<typeof ConfirmEmail>;

export const OpenInvitedAccount = CreateUser.omit({ platformRoles: true }).extend({
  userId: Id,
  tenantName: tenantName.optional(),
});
export type OpenInvitedAccount = z.output<typeof OpenInvitedAccount>;
