import type { Identity } from '@libs/trusted-headers';

import type { MemberRole } from '../members/member.schema.js';

/** What one caller may do with one project. Whoever may not read it must not learn that it exists. */
export interface ProjectAccess {
  readonly canRead: boolean;
  readonly canWrite: boolean;
  /** May delete the project and say who its members are. */
  readonly canManage: boolean;
}

export const noAccess: ProjectAccess = { canRead: false, canWrite: false, canManage: false };

/** Owners and admins of a tenant answer for everything in it, so they see all of its projects. */
export const governsTenant = (identity: Identity): boolean =>
  identity.roles.includes('owner') || identity.roles.includes('admin');

export function accessOf(identity: Identity, role: MemberRole | undefined): ProjectAccess {
  if (governsTenant(identity)) return { canRead: true, canWrite: true, canManage: true };
  if (role === undefined) return noAccess;
  return { canRead: true, canWrite: role !== 'viewer', canManage: role === 'owner' };
}
