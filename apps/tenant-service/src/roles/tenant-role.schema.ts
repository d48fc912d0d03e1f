import { z } from 'zod';

import { singleLine } from '@libs/service';
import { isBuiltInRole } from '@libs/trusted-headers';

/** How a role is named, a built-in one or one of the tenant's own. */
export const roleName = z
  .string()
  .max(40)
  .regex(/^[a-z][a-z0-9-]*$/, 'Use lower-case words joined by hyphens');

const ownRoleName = roleName
  .refine((name) => !isBuiltInRole(name), 'Every tenant has a role of this name')
  .meta({ examples: ['bookkeeper'] });

/** Any resource and action: routes of other services may ask for permissions that nobody here knows. */
const permission = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9-]*:(?:[a-z][a-z0-9-]*|\*)$/, 'Use resource:action');

/** They travel in a header with every request, so there cannot be many. */
const permissions = z
  .array(permission)
  .min(1)
  .max(50)
  .transform((all) => [...new Set(all)]);

const description = singleLine(200).or(z.literal(''));

export const CreateTenantRole = z
  .strictObject({
    name: ownRoleName,
    description: description.default(''),
    permissions,
  })
  .meta({ id: 'CreateTenantRole' });
export type CreateTenantRole = z.output<typeof CreateTenantRole>;

export const UpdateTenantRole = z
  .strictObject({ description, permissions })
  .partial()
  .refine((fields) => Object.keys(fields).length > 0, 'Name at least one field to change')
  .meta({ id: 'UpdateTenantRole' });
export type UpdateTenantRole = z.output<typeof UpdateTenantRole>;
