import { newId } from '@libs/persistence';
import { describeWith, startMariaDb, type TestServer } from '@libs/testing';
import type { Identity } from '@libs/trusted-headers';

import { operator, type TenantServiceForTest, tenantServiceForTest } from '../test/tenant-service.fixture.js';

/** Where many connections write at once, races are real: SQLite's writers take turns. */
describeWith(['mariadbd', 'mariadb-install-db'], 'tenant-service on MariaDB', () => {
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

  const joins = async (owner: Identity, username: string): Promise<Identity> => {
    const user = await service.register(username);
    const invitation = { as: owner, body: { username, role: 'owner' } };
    const { body } = await service.call(`POST /tenants/${owner.tenantId}/invitations`, invitation);
    await service.call(`POST /users/me/invitations/${body.id}:accept`, { as: user });
    return user;
  };

  it('lets one of thirty win who want the same user name at once, and names the field to the others', async () => {
    const wanted = Array.from({ length: 30 }, (_, n) =>
      service.call('POST /internal/users', {
        as: operator,
        body: { username: n % 2 === 0 ? 'rush' : 'RUSH', email: `rush${n}@example.com` },
        headers: n % 3 === 0 ? { 'idempotency-key': `rush-${n}` } : {},
      }),
    );
    const answers = await Promise.all(wanted);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(29).fill(409)]);
    for (const { status, body } of answers) {
      if (status === 409) expect(body).toMatchObject({ code: 'RESOURCE_NAME_TAKEN', errors: [{ field: 'username' }] });
    }
  });

  it('makes one account of many calls with the same ids at once', async () => {
    const names = { username: 'saga', email: 'saga@example.com', displayName: 'Saga', tenantName: 'Saga' };
    const request = { userId: newId(), tenantId: newId(), ...names, platformRoles: [] };
    const calls = Array.from({ length: 20 }, () => service.asService(() => service.accounts.openAccount(request)));
    const opened = await Promise.all(calls);
    expect(new Set(opened.map(({ user }) => user?.id))).toEqual(new Set([request.userId]));
  });

  it('keeps an owner when both owners leave at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const owner = await service.register(`owner-${round}`);
      const other = await joins(owner, `other-${round}`);
      const leave = (as: Identity) => service.call(`DELETE /tenants/${owner.tenantId}/members/${as.userId}`, { as });
      const answers = await Promise.all([leave(owner), leave(other)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    }
  });

  it('keeps an owner when one leaves while the other is deleted', async () => {
    const owner = await service.register('stays');
    const other = await joins(owner, 'goes');
    await joins(owner, 'third').then((third) =>
      service.call(`PATCH /tenants/${owner.tenantId}/members/${third.userId}`, { as: owner, body: { role: 'member' } }),
    );
    const answers = await Promise.all([
      service.call(`DELETE /tenants/${owner.tenantId}/members/${owner.userId}`, { as: owner }),
      service.call(`DELETE /internal/users/${other.userId}`, { as: operator }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
  });

  it('counts one answer to an invitation, and one of many invitations', async () => {
    const owner = await service.register('host');
    const guest = await service.register('guest');
    const line = `POST /tenants/${owner.tenantId}/invitations`;
    const invited = await Promise.all(
      Array.from({ length: 10 }, () => service.call(line, { as: owner, body: { username: 'guest' } })),
    );
    expect(invited.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);

    const { id } = invited.find(({ status }) => status === 201)?.body ?? {};
    const verbs = ['accept', 'decline', 'accept', 'decline'];
    const answers = await Promise.all(
      verbs.map((verb) => service.call(`POST /users/me/invitations/${id}:${verb}`, { as: guest })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  });

  it('makes a setting once when many write it at once, and gives back what was written', async () => {
    const { tenantId } = await service.register('config');
    const line = `PUT /internal/tenants/${tenantId}/config/rush`;
    const value = { z: 1, a: [1.5, 'ü 🎉'], m: null };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => service.call(line, { as: operator, body: { value } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(9).fill(200), 201]);
    const read = await service.call(`GET /internal/tenants/${tenantId}/config/rush`, { as: operator });
    expect(JSON.stringify(read.body.value)).toBe(JSON.stringify(value));
  });

  it('pages and filters', async () => {
    const filter = encodeURIComponent('username : "OTHER-" AND status = "active"');
    const line = `GET /internal/users?pageSize=3&orderBy=${encodeURIComponent('createdAt desc')}&filter=${filter}`;
    const first = await service.call(line, { as: operator });
    const second = await service.call(`${line}&pageToken=${first.body.nextPageToken}`, { as: operator });
    const names = [...first.body.items, ...second.body.items].map(({ username }) => username);
    expect(names).toEqual(['other-4', 'other-3', 'other-2', 'other-1', 'other-0']);
  });
});
