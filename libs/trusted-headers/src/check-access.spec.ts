import type { AccessRule } from './access.js';
import { checkAccess } from './check-access.js';
import { anonymous, type Identity, serviceIdentity } from './identity.js';

const alice: Identity = {
  ...anonymous,
  userId: 'alice',
  tenantId: 't1',
  active: true,
  roles: ['user'],
  authMethod: 'jwt',
};
const admin: Identity = { ...alice, userId: 'admin', roles: ['platform-admin'] };
const homeless: Identity = { ...alice, tenantId: '' };
const disabled: Identity = { ...admin, active: false };
const key: Identity = { ...alice, authMethod: 'api-key' };
const service = serviceIdentity('auth-service');
const admins: AccessRule = { roles: ['platform-admin', 'auditor'] };

describe('checkAccess', () => {
  it.each<{ who: string; identity: Identity; rules: AccessRule[] }>([
    { who: 'nobody in particular', identity: anonymous, rules: ['anyone'] },
    { who: 'a disabled user where anyone may call', identity: disabled, rules: ['anyone'] },
    { who: 'an active user of a tenant', identity: alice, rules: ['user'] },
    { who: 'a person without a tenant', identity: homeless, rules: ['person'] },
    {
      who: "a person under a role of the tenant's own",
      identity: { ...alice, roles: ['role:ops'], scopes: ['projects:read'] },
      rules: ['person'],
    },
    { who: 'a service', identity: service, rules: ['service'] },
    { who: 'whoever has one of the roles', identity: admin, rules: [admins] },
    { who: 'whoever fits the second rule', identity: service, rules: [admins, 'service'] },
  ])('lets in $who', ({ identity, rules }) => {
    expect(() => checkAccess(identity, rules)).not.toThrow();
  });

  it.each<{ who: string; identity: Identity; rules: AccessRule[]; code: string }>([
    { who: 'everybody when there is no rule', identity: admin, rules: [], code: 'ACCESS_DENIED' },
    { who: 'nobody where a user is asked for', identity: anonymous, rules: ['user'], code: 'AUTH_CREDENTIALS_MISSING' },
    { who: 'a disabled user', identity: disabled, rules: ['user', admins], code: 'ACCESS_USER_INACTIVE' },
    { who: 'a user without a tenant', identity: homeless, rules: ['user'], code: 'ACCESS_DENIED' },
    { who: 'an API key where a person is asked for', identity: key, rules: ['person'], code: 'ACCESS_DENIED' },
    {
      who: 'a token that was cut down to scopes where a person is asked for',
      identity: { ...alice, roles: ['owner'], scopes: ['projects:read'] },
      rules: ['person'],
      code: 'ACCESS_DENIED',
    },
    { who: 'a service where a person is asked for', identity: service, rules: ['person'], code: 'ACCESS_DENIED' },
    { who: 'a disabled person', identity: disabled, rules: ['person'], code: 'ACCESS_USER_INACTIVE' },
    { who: 'a user where a service is asked for', identity: alice, rules: ['service'], code: 'ACCESS_DENIED' },
    { who: 'a service where a user is asked for', identity: service, rules: ['user'], code: 'ACCESS_DENIED' },
    { who: 'a user without the role', identity: alice, rules: [admins], code: 'ACCESS_DENIED' },
    {
      who: 'a user who calls a role "service" his own',
      identity: { ...alice, roles: ['service'] },
      rules: ['service'],
      code: 'ACCESS_DENIED',
    },
  ])('refuses $who', ({ identity, rules, code }) => {
    expect(() => checkAccess(identity, rules)).toThrow(expect.objectContaining({ code }));
  });
});
