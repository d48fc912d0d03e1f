import { z } from 'zod';

import { singleLine } from '../single-line.js';

export const tenantStatuses = ['active', 'disabled'] as const;
export type TenantStatusName = (typeof tenantStatuses)[number];

/** Not unique: two companies may both be called Acme, and only ids decide about access. */
export const tenantName = singleLine(120);

/** What an owner says about a tenant. */
export const TenantFields = z.strictObject({ name: tenantName });
export type TenantFields = z.output<typeof TenantFields>;

export const SetTenantStatus = z.strictObject({ status: z.enum(tenantStatuses) });
export type SetTenantStatus = z.output<typeof SetTenantStatus>;
