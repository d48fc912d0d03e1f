import { z } from 'zod';

import { singleLine } from '@libs/service';

export const tenantStatuses = ['active', 'disabled'] as const;
export type TenantStatusName = (typeof tenantStatuses)[number];

/** Not unique: two companies may both be called Acme, and only ids decide about access. */
export const tenantName = singleLine(120);

/** What its owner says about a new tenant. */
export const TenantFields = z.strictObject({ name: tenantName }).meta({ id: 'CreateTenant' });
export type TenantFields = z.output<typeof TenantFields>;

export const UpdateTenant = z
  .strictObject({
    name: tenantName,
    requireSecondFactor: z.boolean().describe('whether whoever acts in the tenant must have shown a second factor'),
  })
  .partial()
  .refine((fields) => Object.keys(fields).length > 0, 'Name at least one field to change')
  .meta({ id: 'UpdateTenant' });
export type UpdateTenant = z.output<typeof UpdateTenant>;

export const SetTenantStatus = z.strictObject({ status: z.enum(tenantStatuses) });
export type SetTenantStatus = z.output<typeof SetTenantStatus>;
