import { managesMembers, mayGrant, memberRoles } from './roles.js';

describe('roles of a tenant', () => {
  it.each([
    { actor: 'owner', grants: ['owner', 'admin', 'member'] },
    { actor: 'admin', grants: ['admin', 'member'] },
    { actor: 'member', grants: [] },
  ] as const)('let an $actor grant $grants', ({ actor, grants }) => {
    expect(memberRoles.filter((role) => mayGrant(actor, role))).toEqual(grants);
  });

  it('leave the members to owners and admins', () => {
    expect(memberRoles.filter(managesMembers)).toEqual(['owner', 'admin']);
  });
});
