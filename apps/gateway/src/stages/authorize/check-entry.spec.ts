import { anIdentity } from '@libs/testing';

import { checkEntry } from './check-entry.js';

const open = {
  authenticated: true,
  withoutSecondFactor: false,
  withoutTenant: false,
  methods: ['jwt' as const, 'api-key' as const],
  roles: [],
  scopes: [],
};
const byToken = anIdentity({ roles: ['member'] });
const byKey = anIdentity({ roles: ['member'], authMethod: 'api-key', scopes: ['projects:read'] });
const byOwnRole = anIdentity({ roles: ['role:ops'], scopes: ['projects:write'] });
const byCutDownToken = anIdentity({ roles: ['member'], scopes: ['projects:read'] });

describe('checkEntry', () => {
  it.each([
    { who: 'anybody who is known', access: open, identity: byToken },
    { who: 'one of the roles', access: { ...open, roles: ['owner', 'member'] }, identity: byToken },
    {
      who: 'a session of the platform, which needs no scopes',
      access: { ...open, scopes: ['projects:write'] },
      identity: byToken,
      granted: undefined,
    },
    {
      who: 'such a session in a role of the tenant that allows it',
      access: { ...open, scopes: ['projects:write'] },
      identity: byOwnRole,
      granted: undefined,
    },
    { who: 'an API key of all scopes', access: { ...open, scopes: ['projects:read'] }, identity: byKey },
  ])('lets in $who', ({ access, identity, ...rest }) => {
    const granted = 'granted' in rest ? rest.granted : identity.scopes;
    expect(() => checkEntry(access, identity, granted)).not.toThrow();
  });

  it.each([
    { who: 'none of the roles', access: { ...open, roles: ['owner'] }, identity: byToken },
    { who: 'an API key without a scope', access: { ...open, scopes: ['projects:read', 'x'] }, identity: byKey },
    { who: 'a token cut down to other scopes', access: { ...open, scopes: ['x'] }, identity: byCutDownToken },
    { who: 'a token without scopes', access: { ...open, scopes: ['x'] }, identity: byToken },
    { who: 'an API key without any', access: { ...open, scopes: ['x'] }, identity: { ...byKey, scopes: [] } },
    {
      who: 'a session in a role of the tenant that does not allow it',
      access: { ...open, scopes: ['x'] },
      identity: byOwnRole,
      granted: undefined,
    },
    {
      who: 'an API key without any, whatever the role of its owner allows',
      access: { ...open, scopes: ['projects:write'] },
      identity: { ...byKey, ...byOwnRole },
      granted: [],
    },
  ])('keeps out $who', ({ access, identity, ...rest }) => {
    const granted = 'granted' in rest ? rest.granted : identity.scopes;
    expect(() => checkEntry(access, identity, granted)).toThrow(expect.objectContaining({ code: 'ACCESS_DENIED' }));
  });
});
