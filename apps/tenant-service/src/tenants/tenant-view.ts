import { z } from 'zod';

import { pageOf } from '@libs/persistence';

import type { OwnTenant } from '../memberships/tenant-access.js';
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

/** A tenant as one of its members sees it. */
export const OwnTenantView = TenantView.extend({ role: z.string() }).meta({ id: 'OwnTenant' });
export type OwnTenantView = z.infer<typeof OwnTenantView>;

export const OwnTenantPage = pageOf(OwnTenantView, 'OwnTenantPage');
export type OwnTenantPage = z.infer<typeof OwnTenantPage>;

export const viewTenant = (tenant: Tenant): TenantView => ({
  id: tenant.id,
  name: tenant.name,
  status: tenant.status,
  requireSecondFactor: tenant.requireSecondFactor ?? false,
  createdAt: tenant.createdAt.toISOString(),
  updatedAt: tenant.updatedAt.toISOString(),
});

export const viewOwnTenant = ({ tenant, membership }: Pick<OwnTenant, 'tenant' | 'membership'>): OwnTenantView => ({
  ...viewTenant(tenant),
  role: membership.role,
});
