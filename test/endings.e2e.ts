import { jest } from '@jest/globals';

import { type GrpcClients, TenantServiceService, TenantStatus, UserServiceService } from '@libs/grpc';
import { until } from '@libs/testing';

import { Client } from './support/client.js';
import { aPerson, expectStatus, type Person, untilStatus } from './support/flow.js';
import { callInternally } from './support/internal.js';
import { DistributedStack } from './support/stack.js';

jest.setTimeout(120_000);

/** What is left in a service's own tables, whoever may see it. */
interface Left {
  readonly projects: number;
  readonly instances: number;
  readonly keys: number;
}

describe('what follows when something ends', () => {
  let stack: DistributedStack;
  let client: Client;
  let clients: Client[];
  let internal: GrpcClients;
  let closeInternal: () => Promise<void>;

  beforeAll(async () => {
    stack = await DistributedStack.create(2, { SIMULATED_PROVISION: '1ms' });
    await stack.start();
    clients = stack.gateways.map((url) => new Client(url));
    client = clients[0] as Client;
    ({ clients: internal, close: closeInternal } = await callInternally(stack));
  });
  afterAll(async () => {
    await closeInternal?.();
    await Promise.all(clients?.map((one) => one.close()) ?? []);
    await stack?.dispose();
  });

  const projectOf = async ({ token }: Person, name: string): Promise<string> =>
    expectStatus(await client.post('/projects', { token, body: { name } }), 201).body.id;
  const instanceOf = async ({ token }: Person, projectId: string): Promise<string> =>
    expectStatus(await client.post('/ecs/instances', { token, body: { projectId, name: 'web' } }), 201).body.id;
  const keyOf = async ({ token }: Person): Promise<string> =>
    expectStatus(await client.post('/auth/api-keys', { token, body: { name: 'robot' } }), 201).body.key;

  /** Asks the tables: a tenant that is gone lets nobody in who could look. */
  async function leftOf(tenantId: string): Promise<Left> {
    const { createConnection } = await import('mysql2/promise');
    const connection = await createConnection(stack.mariaDb.url);
    const count = async (table: string, living: string): Promise<number> => {
      const prefix = new URL(stack.mariaDb.url).pathname.slice(1);
      const [rows] = await connection.query(
        `SELECT COUNT(*) AS count FROM \`${prefix}_${table.split('.')[0]}\`.${table.split('.')[1]} WHERE tenantId = ? AND ${living}`,
        [tenantId],
      );
      return Number((rows as { count: number }[])[0]?.count);
    };
    const left = {
      projects: await count('project.projects', 'deletedAt IS NULL'),
      instances: await count('ecs.instances', 'deletedAt IS NULL'),
      keys: await count('auth.api_keys', 'revokedAt IS NULL'),
    };
    await connection.end();
    return left;
  }

  const nothing = { projects: 0, instances: 0, keys: 0 };
  const untilNothingIsLeft = (tenantId: string): Promise<Left> =>
    until(
      () => leftOf(tenantId),
      (left) => JSON.stringify(left) === JSON.stringify(nothing),
      30_000,
    );

  it('a disabled tenant is refused at every gateway within a second, and let in again', async () => {
    const alice = await aPerson(client);
    const tenants = internal.to('tenant-service', TenantServiceService);
    const everywhere = (status: number) =>
      Promise.all(clients.map((one) => untilStatus(() => one.get('/projects', { token: alice.token }), status, 1000)));
    await everywhere(200);
    await tenants.setTenantStatus({ id: alice.tenantId, status: TenantStatus.DISABLED }, { as: 'service' });
    await everywhere(403);
    await tenants.setTenantStatus({ id: alice.tenantId, status: TenantStatus.ACTIVE }, { as: 'service' });
    await everywhere(200);
  });

  it('a deleted tenant takes projects, instances, keys and memberships with it', async () => {
    const alice = await aPerson(client);
    await instanceOf(alice, await projectOf(alice, 'one'));
    await projectOf(alice, 'two');
    const apiKey = await keyOf(alice);
    expect(await leftOf(alice.tenantId)).toEqual({ projects: 2, instances: 1, keys: 1 });

    expectStatus(await client.delete(`/tenants/${alice.tenantId}`, { token: alice.token }), 204);
    await Promise.all(clients.map((one) => untilStatus(() => one.get('/projects', { token: alice.token }), 403, 1000)));
    await Promise.all(clients.map((one) => untilStatus(() => one.get('/projects', { apiKey }), 401, 5000)));
    expect(await untilNothingIsLeft(alice.tenantId)).toEqual(nothing);
  });

  it('services that were away when a tenant was deleted catch up when they come back', async () => {
    const alice = await aPerson(client);
    await instanceOf(alice, await projectOf(alice, 'one'));
    await keyOf(alice);
    await Promise.all((['project-service', 'ecs-service'] as const).map((name) => stack.children.get(name)?.kill()));
    expectStatus(await client.delete(`/tenants/${alice.tenantId}`, { token: alice.token }), 204);
    expect(await leftOf(alice.tenantId)).toMatchObject({ projects: 1, instances: 1 });
    await Promise.all([stack.startService('project-service'), stack.startService('ecs-service')]);
    expect(await untilNothingIsLeft(alice.tenantId)).toEqual(nothing);
  });

  it('a deleted project takes its instances with it, and no others', async () => {
    const alice = await aPerson(client);
    await untilStatus(() => client.get('/ecs/instances', { token: alice.token }), 200, 20_000);
    await untilStatus(() => client.get('/projects', { token: alice.token }), 200, 20_000);
    const [gone, stays] = [await projectOf(alice, 'gone'), await projectOf(alice, 'stays')];
    await instanceOf(alice, gone);
    const kept = await instanceOf(alice, stays);
    expectStatus(await client.delete(`/projects/${gone}`, { token: alice.token }), 204);
    await until(
      () => leftOf(alice.tenantId),
      ({ instances }) => instances === 1,
      30_000,
    );
    expectStatus(await client.get(`/ecs/instances/${kept}`, { token: alice.token }), 200);
    const late = { token: alice.token, body: { projectId: gone, name: 'late' } };
    expect((await client.post('/ecs/instances', late)).status).toBe(404);
  });

  it('a project whose owner has left the tenant has none, until its tenant hands it on', async () => {
    const [alice, bob, carol] = [await aPerson(client), await aPerson(client, 'bob'), await aPerson(client, 'carol')];
    for (const { username, token } of [bob, carol]) {
      const body = { username, role: 'member' };
      const asked = await client.post(`/tenants/${alice.tenantId}/invitations`, { token: alice.token, body });
      expectStatus(
        await client.post(`/users/me/invitations/${expectStatus(asked, 201).body.id}:accept`, { token }),
        200,
      );
    }
    const asBob = { token: bob.token, tenant: alice.tenantId };
    const made = await untilStatus(() => client.post('/projects', { ...asBob, body: { name: 'left' } }), 201, 5_000);
    const path = `/projects/${made.answer.body.id}`;
    const ownerOf = async () => (await client.get(path, { token: alice.token })).body.ownerId as string | null;
    expect(await ownerOf()).toBe(bob.userId);

    expectStatus(await client.delete(`/tenants/${alice.tenantId}/members/${bob.userId}`, asBob), 204);
    expect(await until(ownerOf, (owner) => owner === null, 30_000)).toBeNull();
    const { body } = await client.get(`${path}/members`, { token: alice.token });
    expect(body.items).toEqual([]);
    const place = `${path}/members/${carol.userId}`;
    expectStatus(await client.put(place, { token: alice.token, body: { role: 'owner' } }), 201);
    expect(await ownerOf()).toBe(carol.userId);
    expectStatus(await client.delete(path, { token: carol.token, tenant: alice.tenantId }), 204);
  });

  it('a deleted user loses sessions and keys; restored, they have their memberships; purged, nothing is left', async () => {
    const alice = await aPerson(client);
    const apiKey = await keyOf(alice);
    const users = internal.to('tenant-service', UserServiceService);
    await users.deleteUser({ id: alice.userId, etag: '' }, { as: 'service' });
    await untilStatus(() => client.get('/projects', { apiKey }), 401, 5000);
    await untilStatus(() => client.get('/projects', { token: alice.token }), 401, 5000);

    await users.restoreUser({ id: alice.userId }, { as: 'service' });
    expect((await client.get('/projects', { token: alice.token })).status).toBe(401);
    const { user } = await users.getUser({ id: alice.userId }, { as: 'service' });
    expect(user?.username).toBe(alice.username);

    await users.deleteUser({ id: alice.userId, etag: '' }, { as: 'service' });
    await users.purgeUser({ id: alice.userId }, { as: 'service' });
    await until(
      () => rowsAbout(alice),
      (tables) => tables.length === 0,
      30_000,
    );
  });

  /** The tables of all services in which a column still names the user, by id, name or address. */
  async function rowsAbout({ userId, username, email }: Person): Promise<string[]> {
    const { createConnection } = await import('mysql2/promise');
    const connection = await createConnection(stack.mariaDb.url);
    const prefix = new URL(stack.mariaDb.url).pathname.slice(1);
    const [columns] = await connection.query(
      `SELECT TABLE_SCHEMA AS db, TABLE_NAME AS tab, COLUMN_NAME AS col FROM information_schema.COLUMNS
       WHERE TABLE_SCHEMA LIKE ? AND DATA_TYPE IN ('varchar', 'longtext')`,
      [`${prefix}\\_%`],
    );
    const found = new Set<string>();
    for (const { db, tab, col } of columns as { db: string; tab: string; col: string }[]) {
      // What has happened is told by id alone, and stays.
      const words = idsStay.has(tab) ? [username, email] : [userId, username, email];
      const like = words.map(() => `\`${col}\` LIKE ?`).join(' OR ');
      const [rows] = await connection.query(
        `SELECT 1 FROM \`${db}\`.\`${tab}\` WHERE ${like} LIMIT 1`,
        words.map((word) => `%${word}%`),
      );
      if ((rows as unknown[]).length > 0) found.add(`${db}.${tab}.${col}`);
    }
    await connection.end();
    return [...found];
  }
});

const idsStay = new Set(['audit_entries', 'audit_outbox', 'endings', 'outbox', 'projects', 'instances']);
