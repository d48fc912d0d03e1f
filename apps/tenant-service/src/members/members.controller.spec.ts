import type { Identity } from '@libs/trusted-headers';

import { type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';

let service: TenantServiceForTest;
let people = 0;

beforeAll(async () => {
  service = await tenantServiceForTest();
});
afterAll(() => service.stop());

const newcomer = (): Promise<Identity> => service.register(`user-${(people += 1)}`);

async function joins(owner: Identity, role: string): Promise<Identity> {
  const user = await newcomer();
  const { body } = await service.call(`POST /tenants/${owner.tenantId}/invitations`, {
    as: owner,
    body: { username: user.userName, role },
  });
  await service.call(`POST /users/me/invitations/${body.id}:accept`, { as: user });
  return user;
}

const place = (owner: Identity, user: Identity): string => `/tenants/${owner.tenantId}/members/${user.userId}`;

const makes = (as: Identity, owner: Identity, user: Identity, role: string) =>
  service.call(`PATCH ${place(owner, user)}`, { as, body: { role } });

describe('the members of a tenant', () => {
  it('see one another, without e-mail addresses', async () => {
    const owner = await newcomer();
    const member = await joins(owner, 'member');
    const list = await service.call(`GET /tenants/${owner.tenantId}/members`, { as: member });
    expect(list).toMatchObject({
      status: 200,
      body: {
        items: [
          { userId: owner.userId, role: 'owner' },
          { userId: member.userId, role: 'member' },
        ],
      },
    });
    expect(JSON.stringify(list.body)).not.toContain('@');
    const read = await service.call(`GET ${place(owner, member)}`, { as: owner });
    expect(read).toMatchObject({ status: 200, body: list.body.items[1] });
    expect(read.headers.get('etag')).toMatch(/^"1\.[\w-]{8}"$/);
  });

  it('are not found in a tenant that they are not in', async () => {
    const [owner, stranger] = [await newcomer(), await newcomer()];
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? { role: 'member' } : undefined;
      const answer = await service.call(`${method} ${place(owner, stranger)}`, { as: owner, body });
      expect(answer).toMatchObject({ status: 404, body: { code: 'RESOURCE_NOT_FOUND' } });
    }
  });

  it.each([
    { actor: 'owner', target: 'member', role: 'owner', status: 200 },
    { actor: 'owner', target: 'admin', role: 'member', status: 200 },
    { actor: 'admin', target: 'member', role: 'admin', status: 200 },
    { actor: 'admin', target: 'member', role: 'owner', status: 403 },
    { actor: 'admin', target: 'owner', role: 'member', status: 403 },
    { actor: 'member', target: 'member', role: 'member', status: 403 },
  ])('an $actor makes a $target $role: $status', async ({ actor, target, role, status }) => {
    const owner = await newcomer();
    const [as, user] = [await joins(owner, actor), await joins(owner, target)];
    expect((await makes(as, owner, user, role)).status).toBe(status);
    const { body } = await service.call(`GET ${place(owner, user)}`, { as: owner });
    expect(body.role).toBe(status === 200 ? role : target);
  });

  it.each([
    { actor: 'owner', target: 'owner', status: 204 },
    { actor: 'admin', target: 'admin', status: 204 },
    { actor: 'admin', target: 'owner', status: 403 },
    { actor: 'member', target: 'member', status: 403 },
  ])('an $actor sends an $target away: $status', async ({ actor, target, status }) => {
    const owner = await newcomer();
    const [as, user] = [await joins(owner, actor), await joins(owner, target)];
    expect((await service.call(`DELETE ${place(owner, user)}`, { as })).status).toBe(status);
    const after = await service.call(`GET /tenants/${owner.tenantId}`, { as: user });
    expect(after.status).toBe(status === 204 ? 403 : 200);
  });

  it('may leave, and then start in a tenant that is left to them', async () => {
    const owner = await newcomer();
    const member = await joins(owner, 'member');
    await service.call('PATCH /users/me', { as: member, body: { defaultTenantId: owner.tenantId } });
    expect((await service.call(`DELETE ${place(owner, member)}`, { as: member })).status).toBe(204);
    const { body } = await service.call('GET /users/me', { as: member });
    expect(body.defaultTenantId).toBe(member.tenantId);
  });

  it('are edited only in the version that was seen', async () => {
    const owner = await newcomer();
    const member = await joins(owner, 'member');
    await makes(owner, owner, member, 'admin');
    const stale = { as: owner, headers: { 'if-match': '"1"' } };
    const changed = await service.call(`PATCH ${place(owner, member)}`, { ...stale, body: { role: 'member' } });
    const removed = await service.call(`DELETE ${place(owner, member)}`, stale);
    expect([changed.status, removed.status]).toEqual([412, 412]);
  });

  it.each([{ role: 'king' }, { role: ['owner'] }, {}, { role: 'admin', userId: 'x' }])('refuse %j', async (body) => {
    const owner = await newcomer();
    const refused = await service.call(`PATCH ${place(owner, owner)}`, { as: owner, body });
    expect(refused).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
  });
});

describe('the last owner', () => {
  it('stays an owner and a member', async () => {
    const owner = await newcomer();
    await joins(owner, 'admin');
    expect(await makes(owner, owner, owner, 'member')).toMatchObject({
      status: 409,
      body: { code: 'RESOURCE_CONFLICT' },
    });
    expect((await service.call(`DELETE ${place(owner, owner)}`, { as: owner })).status).toBe(409);
    expect((await makes(owner, owner, owner, 'owner')).status).toBe(200);
  });

  it('is one of two who remove each other at the same moment', async () => {
    const owner = await newcomer();
    const other = await joins(owner, 'owner');
    const answers = await Promise.all([
      service.call(`DELETE ${place(owner, other)}`, { as: owner }),
      service.call(`DELETE ${place(owner, owner)}`, { as: other }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 403]);
  });

  it('is one of two who leave at the same moment', async () => {
    const owner = await newcomer();
    const other = await joins(owner, 'owner');
    const answers = await Promise.all([owner, other].map((as) => service.call(`DELETE ${place(owner, as)}`, { as })));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
  });
});
