import { z } from 'zod';

import { pageOf } from '@libs/persistence';

import type { TenantRole } from '../roles/tenant-role.entity.js';

export const TenantRoleView = z
  .object({
    tenantId: z.uuid(),
    name: z.string().meta({ examples: ['bookkeeper'] }),
    description: z.string(),
    permissions: z.array(z.string()).meta({ description: 'As `resource:action`.' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'TenantRole' });
export type TenantRoleView = z.infer<typeof TenantRoleView>;

export const TenantRolePage = pageOf(TenantRoleView, 'TenantRolePage');
export type TenantRolePage = z.infer<typeof TenantRolePage>;

export const viewTenantRole = (role: TenantRole): TenantRoleView => ({
  tenantId: role.tenantId,
  name: role.name,
  description: role.description,
  permissions: role.permissions,
  createdAt: role.createdAt.toISOString(),
  updatedAt: role.updatedAt.toISOString(),
});
