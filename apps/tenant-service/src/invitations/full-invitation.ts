import { type EntityManager, In } from 'typeorm';

import { Refusal } from '@libs/errors';

import { Tenant } from '../tenants/tenant.entity.js';
import { User } from '../users/user.entity.js';
import type { Invitation } from '../open-invitations/invitation.entity.js';

/** An invitation with what both sides want to read beside it. */
export interface FullInvitation {
  readonly invitation: Invitation;
  readonly tenant: Tenant;
  readonly user: User;
}

/** Leaves out the invitations of deleted users. */
export async function fullInvitations(manager: EntityManager, invitations: Invitation[]): Promise<FullInvitation[]> {
  const tenants = await manager.findBy(Tenant, { id: In(invitations.map(({ tenantId }) => tenantId)) });
  const users = await manager.findBy(User, { id: In(invitations.map(({ userId }) => userId)) });
  const tenantOf = new Map(tenants.map((tenant) => [tenant.id, tenant]));
  const userOf = new Map(users.map((user) => [user.id, user]));

  return invitations.flatMap((invitation) => {
    const tenant = tenantOf.get(invitation.tenantId);
    const user = userOf.get(invitation.userId);
    return tenant === undefined || user === undefined ? [] : [{ invitation, tenant, user }];
  });
}

export async function fullInvitation(manager: EntityManager, invitation: Invitation): Promise<FullInvitation> {
  const [full] = await fullInvitations(manager, [invitation]);
  if (full === undefined) throw new Refusal('RESOURCE_NOT_FOUND');
  return full;
}
