import { z } from 'zod';

import { isEmailVerified } from './email-holder.js';
import type { User } from './user.entity.js';
import { userStatuses } from './user.schema.js';

export const UserView = z
  .object({
    id: z.uuid(),
    username: z.string(),
    email: z.string(),
    emailVerified: z.boolean().describe('whether the owner has confirmed the address'),
    displayName: z.string(),
    status: z.enum(userStatuses),
    platformRoles: z.array(z.string()),
    defaultTenantId: z.uuid().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'UserAccount' });
export type UserView = z.infer<typeof UserView>;

/** What operators read beside it, where there is something to tell. */
export interface ManagedUserView extends UserView {
  readonly statusReason?: string | undefined;
  readonly statusSince?: string | undefined;
  readonly deletedAt?: string | undefined;
}

export const viewUser = (user: User): UserView => ({
  id: user.id,
  username: user.username,
  email: user.email,
  emailVerified: isEmailVerified(user),
  displayName: user.displayName,
  status: user.status,
  platformRoles: user.platformRoles,
  defaultTenantId: user.defaultTenantId,
  createdAt: user.createdAt.toISOString(),
  updatedAt: user.updatedAt.toISOString(),
});

/** Fields that are undefined are left out of JSON. A row that was just made has no `deletedAt` at all. */
export const viewManagedUser = (user: User): ManagedUserView => ({
  ...viewUser(user),
  statusReason: user.statusReason ?? undefined,
  statusSince: user.statusSince?.toISOString(),
  deletedAt: user.deletedAt?.toISOString(),
});
