import type { Identity } from './identity.js';

/** What every tenant has, strongest first. A tenant's own roles arrive in `X-Roles` as `role:<name>`. */
export const builtInRoles = ['owner', 'admin', 'member'] as const;
export type BuiltInRole = (typeof builtInRoles)[number];

export const isBuiltInRole = (role: string): role is BuiltInRole => (builtInRoles as readonly string[]).includes(role);

/** No platform role can look like this: those hold no colon. */
export const ownRole = (name: string): string => `role:${name}`;
export const isOwnRole = (role: string): boolean => role.startsWith('role:');

/** Whether one is an owner is no permission: no role of a tenant's own can be made of it. */
const permissionsOf: Readonly<Record<BuiltInRole, readonly string[]>> = {
  owner: ['*'],
  admin: ['*'],
  member: ['projects:write', 'instances:write', 'members:read'],
};

export const builtInPermissions = (role: BuiltInRole): readonly string[] => permissionsOf[role];

/**
 * Whether what is granted takes in what is wanted. Both are `resource:action`; `resource`, `resource:*` and
 * `resource:manage` stand for every action, `resource:write` for reading too, and `*` for everything.
 */
export function covers(granted: readonly string[], wanted: string): boolean {
  const [resource = '', action = '*'] = wanted.split(':');
  const wide = ['*', wanted, resource, `${resource}:*`, `${resource}:manage`];
  if (action === 'read') wide.push(`${resource}:write`);
  return wide.some((permission) => granted.includes(permission));
}

/** What is left of `granted` within `limits`; no limits are none. The result may be empty, and then nothing is. */
export function narrowed(granted: readonly string[], limits: readonly string[]): readonly string[] {
  if (limits.length === 0) return granted;
  const left = [
    ...limits.filter((permission) => covers(granted, permission)),
    ...granted.filter((permission) => covers(limits, permission)),
  ];
  return [...new Set(left)];
}

type Caller = Pick<Identity, 'roles' | 'scopes'>;

const byBuiltInRole = ({ roles }: Caller): readonly string[] =>
  roles.flatMap((role) => (isBuiltInRole(role) ? permissionsOf[role] : []));

/** What the caller's role in the tenant allows, whatever an API key narrows it to. */
export function roleAllows(caller: Caller, permission: string): boolean {
  const own = byBuiltInRole(caller);
  return covers(own.length > 0 ? own : caller.scopes, permission);
}

/**
 * Whether the caller may do it. The scopes of an API key narrow what a built-in role allows; for a role of the tenant's
 * own the gateway has put its permissions, narrowed likewise, in the place of the scopes.
 */
export const permits = (caller: Caller, permission: string): boolean =>
  roleAllows(caller, permission) && (caller.scopes.length === 0 || covers(caller.scopes, permission));
