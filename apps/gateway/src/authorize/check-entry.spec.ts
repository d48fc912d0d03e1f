import { anIdentity } from '@libs/testing';

import { checkEntry } from './check-entry.js';

const open = {
  authenticated: true,
  withoutSecondFactor: false,
  methods: ['jwt' as const, 'api-key' as const],
  roles: [],
  scopes: [],
};
const byToken = anIdentity({ roles: ['member'] });
const byKey = anIdentity({ roles: ['member'], authMethod: 'api-key', scopes: ['projects:read'] });
const byCutDownToken = anIdentity({ roles: ['member'], scopes: ['projects:read'] });

describe('checkEntry', () => {
  it.each([
    { who: 'anybody who is known', access: open, identity: byToken },
    { who: 'one of the roles', access: { ...open, roles: ['owner', 'member'] }, identity: byToken },
    { who: 'a session, which has no scopes', access: { ...open, scopes: ['projects:write'] }, identity: byToken },
    { who: 'an API key of all scopes', access: { ...open, scopes: ['projects:read'] }, identity: byKey },
  ])('lets in $who', ({ access, identity }) => {
    expect(() => checkEntry(access, identity)).not.toThrow();
  });

  it.each([
    { who: 'none of the roles', access: { ...open, roles: ['owner'] }, identity: byToken },
    { who: 'an API key without a scope', access: { ...open, scopes: ['projects:read', 'x'] }, identity: byKey },
    { who: 'a token cut down to other scopes', access: { ...open, scopes: ['x'] }, identity: byCutDownToken },
  ])('keeps out $who', ({ access, identity }) => {
    expect(() => checkEntry(access, identity)).toThrow(expect.objectContaining({ code: 'ACCESS_DENIED' }));
  });
});
