import { anonymous } from '@libs/trusted-headers';

import { accessOf } from './project-access.js';

const caller = (roles: string[]) => ({ ...anonymous, userId: 'user-alice', tenantId: 'tenant-1', roles });
const all = { canRead: true, canWrite: true, canManage: true };

describe('accessOf', () => {
  it.each([
    { who: 'a tenant owner', roles: ['owner'], role: undefined, access: all },
    { who: 'a tenant admin who is only a viewer of the project', roles: ['admin'], role: 'viewer', access: all },
    { who: 'the owner of the project', roles: ['member'], role: 'owner', access: all },
    { who: 'an editor', roles: ['member'], role: 'editor', access: { ...all, canManage: false } },
    { who: 'a viewer', roles: ['member'], role: 'viewer', access: { ...all, canWrite: false, canManage: false } },
    {
      who: 'another member of the tenant',
      roles: ['member'],
      role: undefined,
      access: { canRead: false, canWrite: false, canManage: false },
    },
    {
      who: 'a platform admin without a role in the tenant',
      roles: ['platform-admin'],
      role: undefined,
      access: { canRead: false, canWrite: false, canManage: false },
    },
  ] as const)('tells what $who may do', ({ roles, role, access }) => {
    expect(accessOf(caller([...roles]), role)).toEqual(access);
  });
});
