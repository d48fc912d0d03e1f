import { UserOrigin } from '@libs/grpc';
import { newId, openDatabase } from '@libs/persistence';
import { describeWith, startMariaDb, type TestServer } from '@libs/testing';
import type { Identity } from '@libs/trusted-headers';

import { User } from '../users/user.entity.js';
import { operator, type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';

let people = 0;

function confirmedAddresses(service: () => TenantServiceForTest): void {
  const newcomer = (): Promise<Identity> => service().register(`claim-${(people += 1)}`);
  /** Opens an account with that address, as a registration does. */
  async function registers(email: string): Promise<Identity> {
    const [userId, tenantId, username] = [newId(), newId(), `claim-${(people += 1)}`];
    const names = { username, email, displayName: '', tenantName: `${username}'s`, platformRoles: [] };
    await service().asService(() => service().accounts.openAccount({ userId, tenantId, ...names }));
    return { ...(await newcomer()), userId, tenantId, userName: username };
  }
  const found = async (login: string) =>
    (await service().asService(() => service().users.findUserByLogin({ login }))).user;
  /** Who is found by a name, and who logs in by it as well. */
  const candidates = async (login: string) => {
    const { user, claimant } = await service().asService(() => service().users.findUserByLogin({ login }));
    return [user?.id, claimant?.id];
  };
  const nextName = (): string => `claim-${(people += 1)}`;
  const post = (path: string, body: unknown, type = 'application/json') =>
    service().call(`POST ${path}`, { as: operator, body, headers: { 'content-type': type } });
  const create = (email: string) => post('/internal/users', { username: nextName(), email });
  const me = async (as: Identity) => (await service().call('GET /users/me', { as })).body;
  const confirm = ({ userId }: Identity, email: string, isFirst = true) =>
    service().confirmEmail(userId, email, isFirst);
  const refused = { code: 'RESOURCE_CONFLICT' };

  it('may be entered by many; the latest is found by it, and whoever confirms it has it', async () => {
    const email = `Shared-${(people += 1)}@example.com`;
    const [first, second] = [await registers(email), await registers(email.toLowerCase())];
    expect(await found(email)).toMatchObject({ id: second.userId, emailVerified: false });
    await confirm(first, email);
    await confirm(first, email);
    expect(await found(email)).toMatchObject({ id: first.userId, emailVerified: true });
    await expect(confirm(second, email)).rejects.toMatchObject(refused);
    const third = await registers(email);
    expect(await found(email)).toMatchObject({ id: first.userId });
    await expect(confirm(third, email)).rejects.toMatchObject(refused);
    expect(await me(third)).toMatchObject({ email, emailVerified: false });
    expect(await found(third.userName)).toMatchObject({ id: third.userId });
  });

  it('is confirmed by one of many who do so at once', async () => {
    const email = `raced-${(people += 1)}@example.com`;
    const all = [await registers(email), await registers(email), await registers(email)];
    const outcomes = await Promise.allSettled(all.map((one) => confirm(one, email)));
    const won = all.filter((_, at) => outcomes[at]?.status === 'fulfilled');
    expect(won).toHaveLength(1);
    expect(await found(email)).toMatchObject({ id: won[0]?.userId });
  });

  it('goes on letting the latest log in who has entered it, whoever confirms it', async () => {
    const email = `claimed-${(people += 1)}@example.com`;
    const [first, second] = [await registers(email), await registers(email)];
    expect(await candidates(email)).toEqual([second.userId, undefined]);
    await confirm(first, email);
    expect(await candidates(email.toUpperCase())).toEqual([first.userId, second.userId]);
    const third = await registers(email);
    expect(await candidates(email)).toEqual([first.userId, third.userId]);
    expect(await candidates(third.userName)).toEqual([third.userId, undefined]);
    // Whose it was goes on to another address: the latest is there still, until somebody comes after them.
    const other = `claimed-${(people += 1)}@example.com`;
    await confirm(first, other, false);
    expect(await candidates(email)).toEqual([undefined, third.userId]);
    const fourth = await registers(email);
    expect(await candidates(email)).toEqual([fourth.userId, undefined]);
    await confirm(third, email);
    expect(await candidates(email)).toEqual([third.userId, fourth.userId]);
    await confirm(fourth, other).catch(() => undefined);
    await confirm(fourth, `${fourth.userName}@example.com`);
    expect(await candidates(email)).toEqual([third.userId, undefined]);
  });

  it.each([
    { how: 'creates', status: 201, name: (email: string) => create(email) },
    {
      how: 'imports',
      status: 200,
      name: (email: string) => post('/internal/users:import', `username,email\n${nextName()},${email}`, 'text/csv'),
    },
    { how: 'invites', status: 201, name: (email: string) => post('/internal/users:invite', { email }) },
    {
      how: 'changes',
      status: 200,
      name: async (email: string) => {
        const { id } = (await create(`${nextName()}@example.com`)).body;
        return service().call(`PATCH /internal/users/${id}`, { as: operator, body: { email } });
      },
    },
  ])(
    'is taken from whoever has merely entered it, by an operator who $how a user; not if it is confirmed',
    async (path) => {
      const email = `named-${(people += 1)}@example.com`;
      const squatter = await registers(email);
      expect((await path.name(email)).status).toBe(path.status);
      const user = await found(email);
      expect(user).toMatchObject({ email, emailVerified: false, origin: UserOrigin.OPERATOR });
      expect(await found(squatter.userName)).toMatchObject({ id: squatter.userId, origin: UserOrigin.REGISTRATION });
      // Who is invited has no password yet.
      expect(await candidates(email)).toEqual([user?.id, path.how === 'invites' ? squatter.userId : undefined]);
      if (path.how === 'invites') await service().call(`POST /internal/users/${user?.id}:activate`, { as: operator });
      await confirm({ ...squatter, userId: user?.id ?? '' }, email);
      expect(await found(email)).toMatchObject({ id: user?.id, emailVerified: true });

      const refused = await path.name(email);
      if (path.how === 'imports') expect(refused.body).toMatchObject({ created: 0, refused: 1 });
      else expect(refused).toMatchObject({ status: 409, body: { errors: [{ field: 'email', code: 'TAKEN' }] } });
    },
  );

  it('is told operators of whom one of them has named it for', async () => {
    const email = `named-${(people += 1)}@example.com`;
    expect((await create(email)).status).toBe(201);
    expect(await create(email)).toMatchObject({ status: 409, body: { errors: [{ field: 'email', code: 'TAKEN' }] } });
    const { userId } = await registers(email);
    expect(await found(email)).toMatchObject({ id: userId });
    expect((await create(email)).status).toBe(201);
  });

  it('is one of two’s when an operator names it while somebody registers with it', async () => {
    const email = `named-${(people += 1)}@example.com`;
    const all = await Promise.allSettled([create(email), registers(email), create(email), registers(email)]);
    expect(all.map(({ status }) => status)).not.toContain('rejected');
    const statuses = all.flatMap((one) =>
      one.status === 'fulfilled' && 'status' in one.value ? [one.value.status] : [],
    );
    for (const status of statuses) expect([201, 409, 412]).toContain(status);
    expect(await found(email)).toMatchObject({ email });
  });

  it('may be entered by many at once, and one of them is found by it', async () => {
    const email = `crowd-${(people += 1)}@example.com`;
    const all = await Promise.all(Array.from({ length: 12 }, () => registers(email)));
    expect(all.map(({ userId }) => userId)).toContain((await found(email))?.id);
  });

  it('of the first administrator was named by whoever runs the platform', async () => {
    const [userId, tenantId, username] = [newId(), newId(), nextName()];
    const names = { username, email: `${username}@example.com`, displayName: '', tenantName: username };
    const admin = { userId, tenantId, ...names, platformRoles: ['platform-admin'] };
    await service().asService(() => service().accounts.openAccount(admin));
    expect(await found(username)).toMatchObject({ origin: UserOrigin.OPERATOR });
  });

  it('of an account whose origin nobody knows counts as registered once it was deleted and restored', async () => {
    const { id } = (await create(`named-${(people += 1)}@example.com`)).body;
    const { userId, userName } = await newcomer();
    const database = await openDatabase({
      service: 'tenant',
      databaseUrl: service().databaseUrl,
      dataDir: service().dataDir,
      entities: [User],
      migrations: [],
    });
    try {
      await database.transaction((manager) => manager.update(User, { id: userId }, { origin: null }));
    } finally {
      await database.close();
    }
    expect((await found(userName))?.origin).toBeUndefined();
    const restored = async (user: string) => {
      await service().call(`DELETE /internal/users/${user}`, { as: operator });
      await service().call(`POST /internal/users/${user}:restore`, { as: operator });
      return (await service().asService(() => service().users.getUser({ id: user }))).user?.origin;
    };
    expect(await restored(userId)).toBe(UserOrigin.REGISTRATION);
    expect(await restored(id)).toBe(UserOrigin.OPERATOR);
  });

  it('of a deleted user is kept for them, until they are purged', async () => {
    const owner = await newcomer();
    const email = `${owner.userName}@example.com`;
    await confirm(owner, email);
    const command = (line: string) => service().call(line, { as: operator });
    expect((await command(`DELETE /internal/users/${owner.userId}`)).status).toBe(204);
    const other = await registers(email);
    await expect(confirm(other, email)).rejects.toMatchObject(refused);
    expect((await command(`POST /internal/users/${owner.userId}:restore`)).body).toMatchObject({ emailVerified: true });
    await command(`DELETE /internal/users/${owner.userId}`);
    expect((await command(`POST /internal/users/${owner.userId}:purge`)).status).toBe(204);
    await confirm(other, email);
    expect(await found(email)).toMatchObject({ id: other.userId });
  });

  it('is not replaced by what an operator enters, which waits; one that nobody confirmed is', async () => {
    const alice = await newcomer();
    const line = `PATCH /internal/users/${alice.userId}`;
    const patch = (body: object) => service().call(line, { as: operator, body });
    const typo = `typo-${alice.userName}@example.com`;
    expect((await patch({ email: typo })).body).toMatchObject({ email: typo, emailVerified: false });
    await confirm(alice, typo);
    const changed = await patch({ email: 'other@example.com', displayName: 'Alice' });
    expect(changed).toMatchObject({ status: 200, body: { email: typo, emailVerified: true, displayName: 'Alice' } });
    const byGrpc = { id: alice.userId, email: 'another@example.com', etag: '' };
    const { user } = await service().asService(() => service().users.updateUser(byGrpc));
    expect(user).toMatchObject({ email: typo, emailVerified: true });
    expect(service().authService.changes.slice(-2)).toEqual([
      { userId: alice.userId, email: 'other@example.com', sessionId: '' },
      { userId: alice.userId, email: 'another@example.com', sessionId: '' },
    ]);
    await confirm(alice, 'other@example.com', false);
    expect(await me(alice)).toMatchObject({ email: 'other@example.com', emailVerified: true });
    expect(await found(typo)).toBeUndefined();
  });

  it('for the first time end the memberships and invitations that were there, and leave a tenant of their own', async () => {
    const [host, alice, guest] = [await newcomer(), await newcomer(), await newcomer()];
    const invites = async (as: Identity, who: Identity, role = 'member'): Promise<string> =>
      (await service().call(`POST /tenants/${as.tenantId}/invitations`, { as, body: { username: who.userName, role } }))
        .body.id;
    const accepts = (as: Identity, id: string) => service().call(`POST /users/me/invitations/${id}:accept`, { as });
    const tenantsOf = async (as: Identity): Promise<{ id: string; role: string }[]> =>
      (await service().call('GET /tenants', { as })).body.items;
    await accepts(alice, await invites(host, alice));
    const pending = [await invites(guest, alice), await invites(alice, guest)];
    expect(await tenantsOf(alice)).toHaveLength(2);

    await confirm(alice, `${alice.userName}@example.com`);
    expect((await tenantsOf(alice)).map(({ id }) => id)).toEqual([alice.tenantId]);
    expect((await accepts(alice, pending[0] ?? '')).status).toBe(404);
    expect((await accepts(guest, pending[1] ?? '')).status).toBe(404);

    // Where others have a say in the tenant that came with the account, it is theirs, and the account gets another.
    const bob = await newcomer();
    await accepts(guest, await invites(bob, guest, 'owner'));
    await confirm(bob, `${bob.userName}@example.com`);
    const [own, ...more] = await tenantsOf(bob);
    expect([own?.role, more, own?.id === bob.tenantId]).toEqual(['owner', [], false]);
    expect((await me(bob)).defaultTenantId).toBe(own?.id);

    // A later address changes none of that, and what was confirmed before all this is no news.
    await accepts(alice, await invites(host, alice));
    await confirm(alice, `later-${alice.userName}@example.com`);
    expect(await tenantsOf(alice)).toHaveLength(2);
    const old = await newcomer();
    await accepts(old, await invites(host, old));
    await confirm(old, `${old.userName}@example.com`, false);
    expect(await tenantsOf(old)).toHaveLength(2);
  });
}

describe('an address, on SQLite', () => {
  let service: TenantServiceForTest;
  beforeAll(async () => {
    service = await tenantServiceForTest();
  });
  afterAll(() => service.stop());
  confirmedAddresses(() => service);
});

describeWith(['mariadbd', 'mariadb-install-db'], 'an address, on MariaDB', () => {
  let database: TestServer;
  let service: TenantServiceForTest;
  beforeAll(async () => {
    database = await startMariaDb();
    service = await tenantServiceForTest({ DATABASE_URL: database.url });
  }, 60_000);
  afterAll(async () => {
    await service.stop();
    await database.stop();
  });
  confirmedAddresses(() => service);
});
