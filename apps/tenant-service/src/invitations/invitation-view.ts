import { z } from 'zod';

import { pageOf } from '@libs/persistence';

import type { FullInvitation } from './full-invitation.js';
import { invitationStatuses } from '../open-invitations/invitation.entity.js';

/** The same for both sides: a tenant sees whom it invited, a user sees into which tenant. */
export const InvitationView = z
  .object({
    id: z.uuid(),
    tenantId: z.uuid(),
    tenantName: z.string(),
    userId: z.uuid(),
    username: z.string(),
    role: z.string(),
    status: z.enum(invitationStatuses),
    invitedById: z.uuid(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Invitation' });
export type InvitationView = z.infer<typeof InvitationView>;

export const InvitationPage = pageOf(InvitationView, 'InvitationPage');
export type InvitationPage = z.infer<typeof InvitationPage>;

export const viewInvitation = ({ invitation, tenant, user }: FullInvitation): InvitationView => ({
  id: invitation.id,
  tenantId: tenant.id,
  tenantName: tenant.name,
  userId: user.id,
  username: user.username,
  role: invitation.role,
  status: invitation.status,
  invitedById: invitation.invitedById,
  createdAt: invitation.createdAt.toISOString(),
  updatedAt: invitation.updatedAt.toISOString(),
});
