import { z } from 'zod';

import { pageOf } from '@libs/persistence';

import { TenantView, viewTenant } from '../tenants/tenant-view.js';
import type { OwnTenant } from './tenant-access.js';

/** A tenant as one of its members sees it. */
export const OwnTenantView = TenantView.extend({ role: z.string() }).meta({ id: 'OwnTenant' });
export type OwnTenantView = z.infer<typeof OwnTenantView>;

export const OwnTenantPage = pageOf(OwnTenantView, 'OwnTenantPage');
export type OwnTenantPage = z.infer<typeof OwnTenantPage>;

export const viewOwnTenant = ({ tenant, membership }: Pick<OwnTenant, 'tenant' | 'membership'>): OwnTenantView => ({
  ...viewTenant(tenant),
  role: membership.role,
});
