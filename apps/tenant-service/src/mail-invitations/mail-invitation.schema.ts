import { z } from 'zod';

import { pageOf } from '@libs/persistence';

import { roleName } from '../roles/tenant-role.schema.js';
import { email } from '../users/user.schema.js';
import type { MailInvitation } from '../open-invitations/mail-invitation.entity.js';

export const CreateMailInvitation = z
  .strictObject({ email, role: roleName.default('member') })
  .meta({ id: 'CreateMailInvitation' });
export type CreateMailInvitation = z.output<typeof CreateMailInvitation>;

export const AcceptMailInvitation = z
  .strictObject({
    token: z.string().trim().min(1).max(200).describe('as it stands in the letter; good for one use'),
  })
  .meta({ id: 'AcceptMailInvitation' });
export type AcceptMailInvitation = z.output<typeof AcceptMailInvitation>;

export const MailInvitationView = z
  .object({
    id: z.uuid(),
    tenantId: z.uuid(),
    email: z.string(),
    role: z.string(),
    invitedById: z.uuid(),
    expiresAt: z.iso.datetime(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'MailInvitation' });
export type MailInvitationView = z.infer<typeof MailInvitationView>;

export const MailInvitationPage = pageOf(MailInvitationView, 'MailInvitationPage');
export type MailInvitationPage = z.infer<typeof MailInvitationPage>;

export const viewMailInvitation = (invitation: MailInvitation): MailInvitationView => ({
  id: invitation.id,
  tenantId: invitation.tenantId,
  email: invitation.email,
  role: invitation.role,
  invitedById: invitation.invitedById,
  expiresAt: invitation.expiresAt.toISOString(),
  createdAt: invitation.createdAt.toISOString(),
});
