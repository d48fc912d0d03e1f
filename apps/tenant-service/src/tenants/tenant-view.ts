import { z } from 'zod';

import type { Tenant } from './tenant.entity.js';
import { tenantStatuses } from './tenant.schema.js';

export const TenantView = z.object({
  id: z.uuid(),
  name: z.string(),
  status: z.enum(tenantStatuses),
  requireSecondFactor: z.boolean(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type TenantView = z.infer<typeof TenantView>;

export const viewTenant = (tenant: Tenant): TenantView => ({
  id: tenant.id,
  name: tenant.name,
  status: tenant.status,
  requireSecondFactor: tenant.requireSecondFactor ?? false,
  createdAt: tenant.createdAt.toISOString(),
  updatedAt: tenant.updatedAt.toISOString(),
});
