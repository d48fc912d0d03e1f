import { type Identity, roleAllows } from '@libs/trusted-headers';

import type { MemberRole } from '../memberships/member-role.js';

/** What one caller may do with one project. Whoever may not read it must not learn that it exists. */
export interface ProjectAccess {
  readonly canRead: boolean;
  readonly canWrite: boolean;
  /** May delete the project and say who its members are. */
  readonly canManage: boolean;
}

export const noAccess: ProjectAccess = { canRead: false, canWrite: false, canManage: false };

/** Owners and admins of a tenant answer for everything in it, so they see all of its projects. */
export const governsProjects = (identity: Identity): boolean => roleAllows(identity, 'projects:manage');

export function accessOf(identity: Identity, role: MemberRole | undefined): ProjectAccess {
  if (governsProjects(identity)) return { canRead: true, canWrite: true, canManage: true };
  if (role === undefined) return noAccess;
  return { canRead: true, canWrite: role !== 'viewer', canManage: role === 'owner' };
}
