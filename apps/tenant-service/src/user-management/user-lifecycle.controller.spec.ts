import { TenantEndingServiceService, UserStatus } from '@libs/grpc';
import { newId } from '@libs/persistence';
import { describeWith, sealedClient, startMariaDb, type TestServer } from '@libs/testing';
import { type Identity, serviceIdentity } from '@libs/trusted-headers';

import { operator, type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';

let service: TenantServiceForTest;
let people = 0;

const newcomer = (): Promise<Identity> => service.register(`soul-${(people += 1)}`);
const command = (id: string, verb: string, body?: unknown, headers = {}) =>
  service.call(`POST /internal/users/${id}:${verb}`, { as: operator, body, headers });
const remove = (id: string) => service.call(`DELETE /internal/users/${id}`, { as: operator });
const read = (id: string) => service.call(`GET /internal/users/${id}`, { as: operator });
const account = (user: Identity, tenantId = '') =>
  service.asService(() => service.accounts.getAccount({ userId: user.userId, tenantId }));

async function joins(owner: Identity, user: Identity): Promise<void> {
  const invitation = { as: owner, body: { username: user.userName } };
  const { body } = await service.call(`POST /tenants/${owner.tenantId}/invitations`, invitation);
  await service.call(`POST /users/me/invitations/${body.id}:accept`, { as: user });
}

function behaviour(): void {
  it.each([
    { verb: 'lock', status: 'locked', wire: UserStatus.LOCKED },
    { verb: 'suspend', status: 'suspended', wire: UserStatus.SUSPENDED },
  ])('$verb shuts a user out, says why and since when, until they are activated', async ({ verb, status, wire }) => {
    const user = await newcomer();
    const shut = await command(user.userId, verb, { reason: 'asked on the phone' });
    expect(shut).toMatchObject({ status: 200, body: { status, statusReason: 'asked on the phone' } });
    expect(Date.parse(shut.body.statusSince)).not.toBeNaN();
    expect((await account(user)).user?.status).toBe(wire);
    expect((await command(user.userId, 'activate')).body).toMatchObject({ status: 'active', statusReason: '' });
    expect((await account(user)).user?.status).toBe(UserStatus.ACTIVE);
  });

  it('refuses what makes no sense, and what expects another version', async () => {
    const { userId } = await newcomer();
    expect((await command(userId, 'activate')).body.code).toBe('RESOURCE_CONFLICT');
    expect((await command(userId, 'lock', {}, { 'if-match': '"99"' })).status).toBe(412);
    expect((await command(userId, 'lock', { reason: 1 })).status).toBe(400);
    expect((await command(newId(), 'lock')).status).toBe(404);
    expect((await read(userId)).body.status).toBe('active');
  });

  it('follows one of two commands that come at the same moment', async () => {
    const { userId } = await newcomer();
    const answers = await Promise.all([command(userId, 'lock'), command(userId, 'lock')]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('deletes, lists the deleted where asked, and restores with the memberships', async () => {
    const [owner, user] = [await newcomer(), await newcomer()];
    await joins(owner, user);
    expect((await command(user.userId, 'restore')).body.code).toBe('RESOURCE_CONFLICT');
    await remove(user.userId);
    expect((await read(user.userId)).status).toBe(404);

    const filter = encodeURIComponent(`username = "${user.userName}"`);
    const list = (more: string) => service.call(`GET /internal/users?filter=${filter}${more}`, { as: operator });
    expect((await list('')).body.items).toEqual([]);
    const found = (await list('&showDeleted=true')).body.items;
    expect(found).toMatchObject([{ id: user.userId, deletedAt: expect.any(String) }]);

    expect((await command(user.userId, 'restore')).body).not.toHaveProperty('deletedAt');
    expect(await account(user, owner.tenantId)).toMatchObject({ roles: ['member'] });
    expect(await account(user)).toMatchObject({ tenant: { id: user.tenantId }, roles: ['owner'] });
  });

  it('starts a restored user in a tenant that is left, if their own has gone meanwhile', async () => {
    const [owner, user] = [await newcomer(), await newcomer()];
    await joins(owner, user);
    await remove(user.userId);
    await service.call(`DELETE /internal/tenants/${user.tenantId}`, { as: operator });
    await command(user.userId, 'restore');
    expect((await account(user)).tenant?.id).toBe(owner.tenantId);
  });

  it('purges only who is deleted, and leaves nothing of them: not even their names are taken', async () => {
    const [owner, user] = [await newcomer(), await newcomer()];
    await joins(owner, user);
    expect((await command(user.userId, 'purge')).body.code).toBe('RESOURCE_CONFLICT');
    await remove(user.userId);
    expect((await command(user.userId, 'purge')).status).toBe(204);
    expect((await command(user.userId, 'purge')).status).toBe(404);
    expect((await command(user.userId, 'restore')).status).toBe(404);
    const members = await service.call(`GET /tenants/${owner.tenantId}/members`, { as: owner });
    expect(members.body.items).toHaveLength(1);
    expect((await service.call(`GET /internal/tenants/${user.tenantId}`, { as: operator })).status).toBe(404);
    const body = { username: user.userName, email: `${user.userName}@example.com` };
    expect((await service.call('POST /internal/users', { as: operator, body })).status).toBe(201);
  });

  it('does the same over gRPC', async () => {
    const { userId: id } = await newcomer();
    const users = service.users;
    const status = async (call: () => Promise<{ user?: { status: UserStatus } | undefined }>) =>
      (await service.asService(call)).user?.status;
    expect(await status(() => users.lockUser({ id, reason: 'why', etag: '' }))).toBe(UserStatus.LOCKED);
    expect(await status(() => users.suspendUser({ id, reason: '', etag: '' }))).toBe(UserStatus.SUSPENDED);
    expect(await status(() => users.activateUser({ id, reason: '', etag: '' }))).toBe(UserStatus.ACTIVE);
    await service.asService(() => users.deleteUser({ id, etag: '' }));
    expect(await status(() => users.restoreUser({ id }))).toBe(UserStatus.ACTIVE);
    await service.asService(() => users.deleteUser({ id, etag: '' }));
    await service.asService(() => users.purgeUser({ id }));
    await expect(service.asService(() => users.restoreUser({ id }))).rejects.toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
  });

  describe('a tenant', () => {
    const deletes = (as: Identity, id: string, headers = {}) => service.call(`DELETE /tenants/${id}`, { as, headers });

    it('is made, renamed and deleted by its owner, with all that it had', async () => {
      const [owner, guest] = [await newcomer(), await newcomer()];
      const made = await service.call('POST /tenants', { as: owner, body: { name: 'Second' } });
      expect(made).toMatchObject({ status: 201, body: { name: 'Second', role: 'owner' } });
      const { id } = made.body;
      const renamed = await service.call(`PATCH /tenants/${id}`, { as: owner, body: { name: 'Renamed' } });
      expect(renamed).toMatchObject({ status: 200, body: { name: 'Renamed' } });
      expect((await service.call(`PATCH /tenants/${id}`, { as: guest, body: { name: 'Mine' } })).status).toBe(403);

      await joins({ ...owner, tenantId: id }, guest);
      await service.call('PATCH /users/me', { as: guest, body: { defaultTenantId: id } });
      const invitation = { as: owner, body: { username: (await newcomer()).userName } };
      await service.call(`POST /tenants/${id}/invitations`, invitation);
      await service.call(`POST /tenants/${id}/roles`, { as: owner, body: { name: 'ops', permissions: ['a:b'] } });
      expect((await deletes(guest, id)).status).toBe(403);
      expect((await deletes(owner, id, { 'if-match': '"1"' })).status).toBe(412);
      expect((await deletes(owner, id)).status).toBe(204);
      expect((await deletes(owner, id)).status).toBe(403);
      expect(await account(guest, id)).toMatchObject({ tenant: undefined, roles: [] });
      expect((await account(guest)).tenant?.id).toBe(guest.tenantId);
      expect((await service.call('GET /tenants', { as: owner })).body.items).toHaveLength(1);
    });

    it.each([
      { who: 'an admin', role: 'admin', change: {} },
      { who: "an owner's narrowed key", role: 'owner', change: { authMethod: 'api-key', scopes: ['tenant:manage'] } },
    ] as const)('is not deleted by $who', async ({ role, change }) => {
      const [owner, other] = [await newcomer(), await newcomer()];
      await joins(owner, other);
      const place = `/tenants/${owner.tenantId}/members/${other.userId}`;
      await service.call(`PATCH ${place}`, { as: owner, body: { role } });
      const caller = {
        ...other,
        ...change,
        tenantId: owner.tenantId,
        scopes: [...('scopes' in change ? change.scopes : [])],
      };
      expect((await deletes(caller, owner.tenantId)).status).toBe(403);
    });

    it('takes nobody in who accepts while it is deleted', async () => {
      for (let round = 0; round < 5; round += 1) {
        const [owner, guest] = [await newcomer(), await newcomer()];
        const invitation = { as: owner, body: { username: guest.userName } };
        const { body } = await service.call(`POST /tenants/${owner.tenantId}/invitations`, invitation);
        const [deleted] = await Promise.all([
          deletes(owner, owner.tenantId),
          service.call(`POST /users/me/invitations/${body.id}:accept`, { as: guest }),
        ]);
        expect(deleted.status).toBe(204);
        expect((await service.call('GET /tenants', { as: guest })).body.items).toHaveLength(1);
      }
    });
  });

  it('tells the other services what has ended, in its order, and nobody else', async () => {
    const endings = sealedClient('tenant-service', TenantEndingServiceService, service);
    const as = serviceIdentity('project-service');
    const all = async (after: number) =>
      (await endings.as(as, (client) => client.listEndings({ after, pageSize: 100 }))).endings;
    let after = 0;
    for (let page = await all(0); page.length > 0; page = await all(after)) after = page.at(-1)?.position ?? after;

    const [owner, user] = [await newcomer(), await newcomer()];
    await joins(owner, user);
    await service.call(`DELETE /tenants/${owner.tenantId}/members/${user.userId}`, { as: user });
    await service.call(`DELETE /internal/tenants/${owner.tenantId}`, { as: operator });
    await command(user.userId, 'lock');
    await command(user.userId, 'activate');
    await remove(owner.userId);
    await command(owner.userId, 'purge');
    const seen = (await all(after)).map(({ kind, subjectId, tenantId }) => [kind, subjectId, tenantId]);
    expect(seen).toEqual([
      ['membership', user.userId, owner.tenantId],
      ['tenant', owner.tenantId, owner.tenantId],
      ['user-sessions', user.userId, ''],
      ['user', owner.userId, ''],
      ['purged-user', owner.userId, ''],
    ]);
    const asked = endings.as(operator, (client) => client.listEndings({ after: 0, pageSize: 1 }));
    await expect(asked).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    endings.close();
  });
}

describe('the life of users and tenants', () => {
  beforeAll(async () => {
    service = await tenantServiceForTest();
  });
  afterAll(() => service.stop());
  behaviour();
});

describeWith(['mariadbd', 'mariadb-install-db'], 'the life of users and tenants, on MariaDB', () => {
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
});
