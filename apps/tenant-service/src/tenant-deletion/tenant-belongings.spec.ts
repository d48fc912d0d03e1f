import { type Database, newId, openDatabase, persistenceEntities } from '@libs/persistence';
import { anIdentity, describeWith, startMariaDb, type TestServer, until } from '@libs/testing';
import type { Identity } from '@libs/trusted-headers';

import { type TenantServiceForTest, tenantServiceForTest } from '../../test/tenant-service.fixture.js';
import { Membership } from '../memberships/membership.entity.js';
import { User } from '../users/user.entity.js';

describe('what belongs to a tenant', () => {
  describe('on SQLite', () => {
    goes(() => Promise.resolve(undefined));
  });
  describeWith(['mariadbd', 'mariadb-install-db'], 'on MariaDB', () => {
    goes(startMariaDb);
  });
});

function goes(startServer: () => Promise<TestServer | undefined>): void {
  let server: TestServer | undefined;
  let service: TenantServiceForTest;
  let database: Database;

  beforeAll(async () => {
    server = await startServer();
    service = await tenantServiceForTest(server === undefined ? {} : { DATABASE_URL: server.url });
    database = await openDatabase({
      service: 'tenant',
      databaseUrl: server?.url,
      dataDir: service.dataDir,
      entities: [...persistenceEntities, User, Membership],
      migrations: [],
    });
  }, 60_000);
  afterAll(async () => {
    await database.close();
    await service.stop();
    await server?.stop();
  });

  const members = (tenantId: string): Promise<number> => database.manager.countBy(Membership, { tenantId });

  /** As many members as many invitations would have made. */
  async function populate({ tenantId, userId }: Identity, count: number): Promise<string[]> {
    const owner = await database.manager.findOneByOrFail(User, { id: userId });
    const users = Array.from({ length: count }, () => {
      const id = newId();
      const names = { username: id, usernameKey: id, email: `${id}@example.com`, emailKey: id };
      return { ...owner, ...names, id, verifiedEmailKey: null, claimedEmailKey: null, defaultTenantId: tenantId };
    });
    const at = { version: 1, createdAt: new Date(), updatedAt: new Date() };
    await database.transaction(async (manager) => {
      const insert = manager.createQueryBuilder().insert().updateEntity(false);
      await insert.into(User).values(users).execute();
      await insert
        .into(Membership)
        .values(users.map(({ id }) => ({ ...at, id: newId(), tenantId, userId: id, role: 'member' })))
        .execute();
    });
    return users.map(({ id }) => id);
  }

  it('goes in pieces where it is much, and means nothing from the deletion on', async () => {
    const [alice, bob] = [await service.register(newId().slice(-12)), await service.register(newId().slice(-12))];
    const ids = await populate(alice, 350);
    await populate(bob, 3);
    expect((await service.call(`DELETE /tenants/${alice.tenantId}`, { as: alice })).status).toBe(204);

    const last = anIdentity({ userId: ids.toSorted().at(-1) ?? '', tenantId: alice.tenantId });
    expect((await service.call(`GET /tenants/${alice.tenantId}`, { as: last })).status).toBe(403);
    expect((await service.call('GET /tenants', { as: last })).body.items).toEqual([]);
    await until(
      () => members(alice.tenantId),
      (left) => left === 0,
      30_000,
    );
    expect(await members(bob.tenantId)).toBe(4);
    // Nobody starts in a tenant that is gone.
    expect(await database.manager.countBy(User, { defaultTenantId: alice.tenantId })).toBe(0);
  });

  it('hinders nobody, while it waits to go, from being deleted and purged', async () => {
    const alice = await service.register(newId().slice(-12));
    expect((await service.call(`DELETE /tenants/${alice.tenantId}`, { as: alice })).status).toBe(204);
    // As a large tenant's are for a moment.
    const at = { version: 1, createdAt: new Date(), updatedAt: new Date() };
    const left = { ...at, id: newId(), tenantId: alice.tenantId, userId: alice.userId, role: 'owner' };
    await database.transaction((manager) =>
      manager.createQueryBuilder().insert().updateEntity(false).into(Membership).values(left).execute(),
    );
    await service.asService(() => service.users.deleteUser({ id: alice.userId, etag: '' }));
    await service.asService(() => service.users.purgeUser({ id: alice.userId }));
    expect(await members(alice.tenantId)).toBe(0);
  });
}
