import { builtInPermissions, builtInRoles } from '@libs/trusted-headers';

import { mayGrant } from './roles.js';

const builtIn = (role: (typeof builtInRoles)[number]) => ({ role, permissions: builtInPermissions(role) });

describe('roles of a tenant', () => {
  it.each([
    { actor: 'owner', grants: ['owner', 'admin', 'member'] },
    { actor: 'admin', grants: ['admin', 'member'] },
    { actor: 'member', grants: ['member'] },
  ] as const)('let an $actor who manages members grant $grants', ({ actor, grants }) => {
    expect(builtInRoles.filter((role) => mayGrant(builtIn(actor), builtIn(role)))).toEqual(grants);
  });

  it.each([
    { permissions: ['members:manage', 'projects:read'], given: ['projects:read'], may: true },
    { permissions: ['members:manage', 'projects:manage'], given: ['projects:read', 'members:read'], may: true },
    { permissions: ['members:manage', 'projects:read'], given: ['projects:write'], may: false },
    { permissions: ['members:manage'], given: ['members:manage', 'shop:read'], may: false },
  ])('with $permissions grant $given: $may', ({ permissions, given, may }) => {
    expect(mayGrant({ role: 'lead', permissions }, { role: 'other', permissions: given })).toBe(may);
  });

  it("do not let a narrowed key of an owner grant all that an owner's role has", () => {
    const key = { role: 'owner', permissions: ['members:manage'] };
    expect(mayGrant(key, builtIn('owner'))).toBe(false);
    expect(mayGrant(key, builtIn('admin'))).toBe(false);
  });
});
