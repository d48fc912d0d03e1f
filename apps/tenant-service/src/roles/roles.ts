import { builtInPermissions, covers, isBuiltInRole } from '@libs/trusted-headers';

/** What somebody may do in a tenant. */
export interface Standing {
  readonly role: string;
  /** Those of the role, narrowed by the scopes of an API key. */
  readonly permissions: readonly string[];
}

/** Nobody hands out what they do not have. */
export const mayHandOut = (actor: Standing, permissions: readonly string[]): boolean =>
  permissions.every((permission) => covers(actor.permissions, permission));

/** Only an owner may make an owner, change one or send one away. */
export const mayGrant = (actor: Standing, given: Standing): boolean =>
  (given.role !== 'owner' || actor.role === 'owner') && mayHandOut(actor, given.permissions);

/** Of a built-in role; nothing for others, which a tenant makes for itself. */
export const permissionsOfBuiltIn = (role: string): readonly string[] | undefined =>
  isBuiltInRole(role) ? builtInPermissions(role) : undefined;
