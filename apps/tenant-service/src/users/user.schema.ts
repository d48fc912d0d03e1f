import { z } from 'zod';

import { ListQuery } from '@libs/persistence';
import { singleLine } from '@libs/service';
import { builtInRoles } from '@libs/trusted-headers';

import { Id } from '../ids/id.schema.js';

export const userStatuses = ['active', 'disabled', 'invited', 'locked', 'suspended'] as const;
export type UserStatusName = (typeof userStatuses)[number];

/** ASCII, so that there is one way to fold it to lower case, and without `@`, so that none looks like an address. */
export const username = z
  .string()
  .min(2)
  .max(64)
  .regex(/^[A-Za-z0-9._-]+$/, 'Use letters, digits, dots, underscores and hyphens');

export const email = z.email().max(254);

const displayName = singleLine(120);

/**
 * These words mean something else in `X-Roles`: a platform role of that name would make its bearer an owner of every
 * tenant, or let them pass for a service.
 */
const reservedRoles = new Set<string>([...builtInRoles, 'service', 'anonymous']);

const platformRole = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9-]*$/, 'Use lower-case words joined by hyphens')
  .refine((role) => !reservedRoles.has(role), 'This word is reserved');

const platformRoles = z
  .array(platformRole)
  .max(20)
  .transform((roles) => [...new Set(roles)]);

export const CreateUser = z.strictObject({
  username,
  email,
  displayName: displayName.optional(),
  platformRoles: platformRoles.default([]),
});
export type CreateUser = z.output<typeof CreateUser>;

/** An invited user chooses the name. */
export const InviteUser = CreateUser.omit({ username: true });
export type InviteUser = z.output<typeof InviteUser>;

const namesSomething = [
  (fields: object): boolean => Object.keys(fields).length > 0,
  'Name at least one field to change',
] as const;

/** The user name stays for life: it stands in logs and in other people's invitations. */
export const UpdateUser = z
  .strictObject({ email, displayName, platformRoles })
  .partial()
  .refine(...namesSomething);
export type UpdateUser = z.output<typeof UpdateUser>;

export const UpdateMe = z
  .strictObject({ email, displayName, defaultTenantId: Id })
  .partial()
  .refine(...namesSomething)
  .meta({ id: 'UpdateOwnUser' });
export type UpdateMe = z.output<typeof UpdateMe>;

/** Why a user is locked, suspended or active again, for operators to read. */
export const StatusReason = z.strictObject({ reason: singleLine(200).or(z.literal('')).default('') }).prefault({});
export type StatusReason = z.output<typeof StatusReason>;

export const SetUserStatus = z.strictObject({ status: z.enum(['active', 'disabled']) });
export type SetUserStatus = z.output<typeof SetUserStatus>;

/** Deleted users are in the list where it is asked for, so that one finds whom to restore. */
export const ListUsers = ListQuery.extend({
  showDeleted: z.stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' }).default(false),
});
export type ListUsers = z.output<typeof ListUsers>;
