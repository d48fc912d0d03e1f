import { anonymous } from './identity.js';
import { checkAccess } from './check-access.js';
import { covers, narrowed, permits, roleAllows } from './permissions.js';

describe('covers', () => {
  it.each([
    { granted: ['projects:read'], wanted: 'projects:read' },
    { granted: ['projects:write'], wanted: 'projects:read' },
    { granted: ['projects:manage'], wanted: 'projects:write' },
    { granted: ['projects:*'], wanted: 'projects:anything' },
    { granted: ['projects'], wanted: 'projects:anything' },
    { granted: ['*'], wanted: 'projects:*' },
    { granted: ['*'], wanted: '*' },
  ])('finds $wanted in $granted', ({ granted, wanted }) => {
    expect(covers(granted, wanted)).toBe(true);
  });

  it.each([
    { granted: [], wanted: 'projects:read' },
    { granted: ['projects:read'], wanted: 'projects:write' },
    { granted: ['projects:write'], wanted: 'projects:manage' },
    { granted: ['projects:write'], wanted: 'projects:*' },
    { granted: ['projects:*'], wanted: '*' },
    { granted: ['projects:*'], wanted: 'projects-x:read' },
    { granted: ['project:*'], wanted: 'projects:read' },
    { granted: ['read'], wanted: 'projects:read' },
  ])('does not find $wanted in $granted', ({ granted, wanted }) => {
    expect(covers(granted, wanted)).toBe(false);
  });
});

describe('narrowed', () => {
  it.each([
    { granted: ['*'], limits: [], left: ['*'] },
    { granted: ['*'], limits: ['projects:read'], left: ['projects:read'] },
    { granted: ['projects:read', 'shop:write'], limits: ['projects:*'], left: ['projects:read'] },
    { granted: ['projects:read'], limits: ['shop:read'], left: [] },
  ])('of $granted within $limits leaves $left', ({ granted, limits, left }) => {
    expect(narrowed(granted, limits)).toEqual(left);
  });
});

describe('permits', () => {
  const caller = (roles: string[], scopes: string[] = []) => ({ ...anonymous, roles, scopes });

  it.each([
    { who: 'an owner', of: caller(['owner']), permission: 'roles:manage' },
    { who: 'a member', of: caller(['member']), permission: 'projects:write' },
    { who: "an owner's key", of: caller(['owner'], ['projects:read']), permission: 'projects:read' },
    { who: "a tenant's own role", of: caller(['role:ops'], ['instances:write']), permission: 'instances:read' },
  ])('lets $who', ({ of, permission }) => {
    expect(permits(of, permission)).toBe(true);
  });

  it.each([
    { who: 'a member', of: caller(['member']), permission: 'projects:manage' },
    { who: "an owner's key of other scopes", of: caller(['owner'], ['projects:read']), permission: 'projects:write' },
    { who: 'a key that claims more than its owner has', of: caller(['member'], ['*']), permission: 'roles:manage' },
    { who: "a tenant's own role without permissions", of: caller(['role:ops']), permission: 'projects:read' },
    { who: 'a role named like a built-in one', of: caller(['role:owner']), permission: 'projects:read' },
    { who: 'a platform role', of: caller(['platform-admin']), permission: 'projects:read' },
    { who: 'the role of a service', of: caller(['service']), permission: 'projects:read' },
    { who: 'a name of every object', of: caller(['constructor']), permission: 'projects:read' },
  ])('does not let $who', ({ of, permission }) => {
    expect(permits(of, permission)).toBe(false);
  });

  it('tells what the role allows apart from what a key narrows it to', () => {
    expect(roleAllows(caller(['owner'], ['projects:read']), 'projects:manage')).toBe(true);
  });

  it('is a rule of @Access, for active users in a tenant only', () => {
    const rule = { permission: 'projects:read' };
    const active = { ...caller(['member']), active: true, authMethod: 'jwt' as const };
    expect(() => checkAccess({ ...active, userId: 'u', tenantId: 't' }, [rule])).not.toThrow();
    for (const lacking of [{ userId: '' }, { tenantId: '' }, { active: false }, { roles: [] }]) {
      expect(() => checkAccess({ ...active, userId: 'u', tenantId: 't', ...lacking }, [rule])).toThrow(/./);
    }
  });
});
