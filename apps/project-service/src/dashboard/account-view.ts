import { z } from 'zod';

import { type Tenant, TenantStatus, type User, UserStatus } from '@libs/grpc';

const status = z.enum(['active', 'disabled']);

/** As auth-service shows them: the API description has one shape for each, and says so where they differ. */
export const UserView = z
  .object({
    id: z.uuid(),
    username: z.string(),
    email: z.email(),
    emailVerified: z.boolean().describe('whether the owner has confirmed the address'),
    displayName: z.string(),
    status,
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'User' });
export type UserView = z.infer<typeof UserView>;

export const TenantView = z
  .object({ id: z.uuid(), name: z.string(), status, createdAt: z.iso.datetime() })
  .meta({ id: 'Tenant' });
export type TenantView = z.infer<typeof TenantView>;

export const viewUser = (user: User): UserView => ({
  id: user.id,
  username: user.username,
  email: user.email,
  emailVerified: user.emailVerified === true,
  displayName: user.displayName,
  status: user.status === UserStatus.ACTIVE ? 'active' : 'disabled',
  createdAt: toIso(user.createTime),
});

export const viewTenant = (tenant: Tenant): TenantView => ({
  id: tenant.id,
  name: tenant.name,
  status: tenant.status === TenantStatus.ACTIVE ? 'active' : 'disabled',
  createdAt: toIso(tenant.createTime),
});

const toIso = (time: Date | undefined): string => (time ?? new Date(0)).toISOString();
