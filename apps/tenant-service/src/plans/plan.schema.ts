import { z } from 'zod';

import { singleLine } from '@libs/service';

import { roleName } from '../roles/tenant-role.schema.js';

/** Spelled as roles are: lower-case words joined by hyphens. */
export const PlanKey = roleName;

const most = z.int().min(0).max(1_000_000_000).nullable().default(null);

export const SetPlan = z.strictObject({
  name: singleLine(120),
  requests: z
    .strictObject({ quota: z.int().min(1).max(1_000_000_000), windowSeconds: z.int().min(1).max(86_400).default(60) })
    .nullable()
    .default(null),
  maxProjects: most,
  maxMembers: most,
  maxInstances: most,
});
export type SetPlan = z.output<typeof SetPlan>;

/** Null gives the tenant the plan of those that were given none. */
export const SetTenantPlan = z.strictObject({ plan: PlanKey.nullable() });
export type SetTenantPlan = z.output<typeof SetTenantPlan>;
