import { newId } from '@libs/persistence';
import { describeWith, startMariaDb, type TestServer } from '@libs/testing';
import type { Identity } from '@libs/trusted-headers';

import { type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';

let service: TenantServiceForTest;
let people = 0;

const newcomer = (): Promise<Identity> => service.register(`person-${(people += 1)}`);

async function joins(owner: Identity, role: string): Promise<Identity> {
  const user = await newcomer();
  const invitation = { as: owner, body: { username: user.userName, role } };
  const { body } = await service.call(`POST /tenants/${owner.tenantId}/invitations`, invitation);
  await service.call(`POST /users/me/invitations/${body.id}:accept`, { as: user });
  return user;
}

const roles = ({ tenantId }: Identity): string => `/tenants/${tenantId}/roles`;
const makes = (as: Identity, owner: Identity, name: string, permissions: string[], headers = {}) =>
  service.call(`POST ${roles(owner)}`, { as, body: { name, permissions }, headers });
const gives = (as: Identity, owner: Identity, user: Identity, role: string) =>
  service.call(`PATCH /tenants/${owner.tenantId}/members/${user.userId}`, { as, body: { role } });
const account = (user: Identity, tenantId: string) =>
  service.asService(() => service.accounts.getAccount({ userId: user.userId, tenantId }));

function behaviour(): void {
  it('are made, read, changed and deleted', async () => {
    const owner = await newcomer();
    const body = { name: 'deployer', description: 'ships', permissions: ['instances:write', 'instances:write'] };
    const made = await service.call(`POST ${roles(owner)}`, { as: owner, body });
    expect(made).toMatchObject({ status: 201, body: { ...body, permissions: ['instances:write'] } });
    expect(made.headers.get('location')).toBe(`${roles(owner)}/deployer`);
    const place = `${roles(owner)}/deployer`;
    expect(await service.call(`GET ${place}`, { as: owner })).toMatchObject({ status: 200, body: made.body });
    const list = await service.call(`GET ${roles(owner)}`, { as: owner });
    expect(list.body).toEqual({ items: [made.body], nextPageToken: '' });

    const change = { as: owner, body: { permissions: ['projects:read'] } };
    const changed = await service.call(`PATCH ${place}`, change);
    expect(changed).toMatchObject({ status: 200, body: { description: 'ships', permissions: ['projects:read'] } });
    const stale = { ...change, headers: { 'if-match': '"1"' } };
    expect((await service.call(`PATCH ${place}`, stale)).status).toBe(412);
    expect((await service.call(`DELETE ${place}`, { as: owner, headers: { 'if-match': '"1"' } })).status).toBe(412);
    expect((await service.call(`DELETE ${place}`, { as: owner })).status).toBe(204);
    expect((await service.call(`GET ${place}`, { as: owner })).status).toBe(404);
  });

  it('reach the account of a member with their permissions, and beside no platform role', async () => {
    const owner = await newcomer();
    await makes(owner, owner, 'platform-admin', ['instances:write']);
    const user = await joins(owner, 'platform-admin');
    expect(await account(user, owner.tenantId)).toMatchObject({
      roles: ['role:platform-admin'],
      permissions: ['instances:write'],
    });
    expect(await account(user, user.tenantId)).toMatchObject({ roles: ['owner'], permissions: [] });
    const read = await service.call(`GET /tenants/${owner.tenantId}`, { as: user });
    expect(read.body.role).toBe('platform-admin');
  });

  it('are names of the tenant that made them, and of no other', async () => {
    const [owner, other] = [await newcomer(), await newcomer()];
    await makes(owner, owner, 'ops', ['projects:read']);
    const user = await joins(other, 'member');
    expect(await gives(other, other, user, 'ops')).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    expect((await service.call(`GET ${roles(owner)}/ops`, { as: other })).status).toBe(403);
    expect((await makes(other, owner, 'mine', ['projects:read'])).status).toBe(403);
    expect((await makes(owner, owner, 'ops', ['projects:read'])).body.code).toBe('RESOURCE_NAME_TAKEN');
  });

  it('are not deleted while somebody has them, or is invited to', async () => {
    const owner = await newcomer();
    await makes(owner, owner, 'ops', ['projects:read']);
    const user = await joins(owner, 'ops');
    const place = `${roles(owner)}/ops`;
    expect((await service.call(`DELETE ${place}`, { as: owner })).status).toBe(409);
    await gives(owner, owner, user, 'member');
    const guest = await newcomer();
    const invitation = { as: owner, body: { username: guest.userName, role: 'ops' } };
    await service.call(`POST /tenants/${owner.tenantId}/invitations`, invitation);
    expect((await service.call(`DELETE ${place}`, { as: owner })).status).toBe(409);
  });

  describe('never hold more than whoever makes or gives them has', () => {
    let owner: Identity;
    let lead: Identity;
    let member: Identity;

    beforeAll(async () => {
      owner = await newcomer();
      await makes(owner, owner, 'lead', ['members:manage', 'roles:manage', 'projects:read']);
      await makes(owner, owner, 'strong', ['projects:manage']);
      lead = await joins(owner, 'lead');
      member = await joins(owner, 'member');
    });

    it.each([
      { permissions: ['projects:read'], status: 201 },
      { permissions: ['members:read'], status: 201 },
      { permissions: ['projects:write'], status: 403 },
      { permissions: ['projects:read', 'shop:read'], status: 403 },
      { permissions: ['projects:*'], status: 403 },
    ])('a role of $permissions: $status', async ({ permissions, status }) => {
      expect((await makes(lead, owner, `r-${newId().slice(-12)}`, permissions)).status).toBe(status);
    });

    it('neither by changing a role', async () => {
      await makes(lead, owner, 'weak', ['projects:read']);
      for (const [role, permissions] of [
        ['weak', ['projects:manage']],
        ['lead', ['members:manage', 'shop:buy']],
        ['strong', ['projects:read']],
      ] as const) {
        const change = { as: lead, body: { permissions } };
        expect((await service.call(`PATCH ${roles(owner)}/${role}`, change)).status).toBe(403);
      }
      expect((await service.call(`DELETE ${roles(owner)}/strong`, { as: lead })).status).toBe(403);
    });

    it('nor by giving one, to others or to oneself', async () => {
      for (const role of ['owner', 'admin', 'strong', 'member']) {
        expect((await gives(lead, owner, lead, role)).status).toBe(403);
      }
      // A member may write projects, which the lead may not: out of reach in both directions.
      expect((await gives(lead, owner, member, 'lead')).status).toBe(403);
      expect((await service.call(`GET ${roles(owner)}`, { as: member })).status).toBe(200);
      expect((await makes(member, owner, 'own', ['projects:read'])).status).toBe(403);
    });

    it('nor with an API key that was narrowed, or made for another tenant', async () => {
      const key = { ...owner, authMethod: 'api-key' as const, scopes: ['roles:manage', 'members:manage'] };
      expect((await makes(key, owner, 'by-key', ['projects:read'])).status).toBe(403);
      expect((await gives(key, owner, member, 'admin')).status).toBe(403);
      expect((await makes({ ...key, scopes: ['projects:read'] }, owner, 'x', ['projects:read'])).status).toBe(403);
      expect((await makes({ ...key, tenantId: newId() }, owner, 'x', ['roles:manage'])).status).toBe(403);
      expect((await makes(key, owner, 'by-key', ['roles:manage'])).status).toBe(201);
    });
  });

  it.each([
    { name: 'owner', permissions: ['projects:read'] },
    { name: 'Big', permissions: ['projects:read'] },
    { name: 'x', permissions: [] },
    { name: 'x', permissions: ['*'] },
    { name: 'x', permissions: ['projects'] },
    { name: 'x', permissions: ['projects:read,owner'] },
    { name: 'x', permissions: ['projects:read'], tenantId: 'y' },
  ])('refuse %j', async (body) => {
    const owner = await newcomer();
    const refused = await service.call(`POST ${roles(owner)}`, { as: owner, body });
    expect(refused).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
  });
}

describe("a tenant's own roles", () => {
  beforeAll(async () => {
    service = await tenantServiceForTest();
  });
  afterAll(() => service.stop());
  behaviour();
});

describeWith(['mariadbd', 'mariadb-install-db'], "a tenant's own roles, on MariaDB", () => {
  let database: TestServer;
  beforeAll(async () => {
    database = await startMariaDb();
    service = await tenantServiceForTest({ DATABASE_URL: database.url });
  }, 60_000);
  afterAll(async () => {
    await service.stop();
    await database.stop();
  });
  behaviour();

  it('do not go while they are being given', async () => {
    for (let round = 0; round < 5; round += 1) {
      const owner = await newcomer();
      await makes(owner, owner, 'ops', ['projects:read']);
      const user = await joins(owner, 'member');
      const [given, deleted] = await Promise.all([
        gives(owner, owner, user, 'ops'),
        service.call(`DELETE ${roles(owner)}/ops`, { as: owner }),
      ]);
      expect([
        [200, 409],
        [400, 204],
      ]).toContainEqual([given.status, deleted.status]);
    }
  });
});
