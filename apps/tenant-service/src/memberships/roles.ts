/** What a membership makes of a user in one tenant, strongest first. */
export const memberRoles = ['owner', 'admin', 'member'] as const;
export type MemberRole = (typeof memberRoles)[number];

export const managesMembers = (role: MemberRole): boolean => role !== 'member';

/** Only an owner may make an owner, change one or send one away. */
export const mayGrant = (actor: MemberRole, role: MemberRole): boolean =>
  actor === 'owner' || (actor === 'admin' && role !== 'owner');
