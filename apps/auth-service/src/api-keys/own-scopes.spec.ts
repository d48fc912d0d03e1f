import { anIdentity } from '@libs/testing';

import { requireOwnScopes } from './own-scopes.js';

const owner = anIdentity({ roles: ['owner'], scopes: [] });
const member = anIdentity({ roles: ['member'], scopes: [] });
const ops = anIdentity({ roles: ['role:ops'], scopes: ['instances:write', 'shop:*'] });
const nobody = anIdentity({ roles: [], scopes: [] });

describe('requireOwnScopes', () => {
  it.each([
    { who: 'an owner', identity: owner, scopes: ['projects:manage', 'anything:at-all', 'shop'] },
    { who: 'a member', identity: member, scopes: ['projects:write', 'projects:read'] },
    { who: 'a role of the tenant', identity: ops, scopes: ['instances:read', 'shop:sell'] },
    { who: 'nobody', identity: nobody, scopes: [] },
  ])('lets $who give what they have', ({ identity, scopes }) => {
    expect(() => requireOwnScopes(identity, scopes)).not.toThrow();
  });

  it.each([
    { who: 'a member', identity: member, scopes: ['projects:write', 'members:write'] },
    { who: 'a member', identity: member, scopes: ['projects:*'] },
    { who: 'a member', identity: member, scopes: ['projects'] },
    { who: 'a role of the tenant', identity: ops, scopes: ['projects:read'] },
    { who: 'nobody', identity: nobody, scopes: ['projects:read'] },
  ])('refuses $scopes to $who', ({ identity, scopes }) => {
    expect(() => requireOwnScopes(identity, scopes)).toThrow(expect.objectContaining({ code: 'ACCESS_DENIED' }));
  });
});
