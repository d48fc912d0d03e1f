import { jest } from '@jest/globals';

import { createConnection } from 'mysql2/promise';

import { sealedHeaders, until } from '@libs/testing';
import { serviceIdentity } from '@libs/trusted-headers';

import { CarefulCaller } from './support/careful-caller.js';
import { Client } from './support/client.js';
import { aPerson, expectStatus, type Person } from './support/flow.js';
import { DistributedStack } from './support/stack.js';

const writes = Number(process.env['WRITES'] ?? 10_000);
const tenantCount = 8;
const workersPerTenant = 2;
const crashesAt = [0.15, 0.45, 0.8];
const services = ['auth', 'tenant', 'project', 'ecs'];

jest.setTimeout(900_000);

interface Tenant {
  readonly owner: Person;
  readonly colleagueId: string;
  readonly address: string;
  /** `action target`, once for each write that the caller knows to be done. */
  readonly done: string[];
  /** Of the projects that must be there in the end, by id. */
  readonly projects: Map<string, string>;
}

describe(`kill -9 of every process during ${writes} mixed writes`, () => {
  let stack: DistributedStack;
  let client: Client;
  let up: Promise<void> = Promise.resolve();
  let acknowledged = 0;
  const tenants: Tenant[] = [];
  const registered: { username: string; password: string; tenantId: string; userId: string; address: string }[] = [];

  beforeAll(async () => {
    stack = await DistributedStack.create(1, {
      TRUSTED_PROXY: '127.0.0.1/32',
      LOGINS_PER_MINUTE: '100000',
      REGISTRATIONS_PER_MINUTE: '100000',
    });
    await stack.start();
    client = new Client(stack.gateways[0] as string);
    for (let n = 0; n < tenantCount; n += 1) {
      const owner = await aPerson(client, 'owner');
      const colleague = await aPerson(client, 'colleague');
      const invited = await client.post(`/tenants/${owner.tenantId}/invitations`, {
        token: owner.token,
        body: { username: colleague.username, role: 'member' },
      });
      expectStatus(invited, 201);
      const accept = `/users/me/invitations/${invited.body.id}:accept`;
      expect((await client.post(accept, { token: colleague.token })).status).toBeLessThan(300);
      const address = `192.0.2.${n + 1}`;
      tenants.push({ owner, colleagueId: colleague.userId, address, done: [], projects: new Map() });
    }
  });
  afterAll(async () => {
    await client?.close();
    await stack?.dispose();
  });

  /** One after another, everything that a project can go through. */
  async function worker(tenant: Tenant, name: string): Promise<void> {
    const gateway = async (): Promise<Client> => {
      await up;
      return client;
    };
    const caller = new CarefulCaller(gateway, tenant.address, () => tenant.owner.token);
    const stranger = new CarefulCaller(gateway, tenant.address, () => undefined);
    const note = (action: string, target: string): void => {
      tenant.done.push(`${action} ${target}`);
      acknowledged += 1;
    };
    const expectDone = (outcome: Awaited<ReturnType<CarefulCaller['change']>>, status: number): void => {
      if (outcome !== 'done before') expectStatus(outcome, status);
    };

    for (let round = 0; acknowledged < writes; round += 1) {
      const label = `${name}-${round}`;
      const project = expectStatus(await caller.post('/projects', { name: label }), 201).body as { id: string };
      note('project.created', project.id);
      const path = `/projects/${project.id}`;

      for (const description of ['first', 'second']) {
        const { headers } = expectStatus(await caller.get(path), 200);
        const ifMatch = String(headers['etag']);
        expectDone(await caller.change('PATCH', path, { ifMatch, body: { description } }), 200);
        note('project.updated', project.id);
      }
      expectStatus(await caller.post(path, { description: 'third' }), 200);
      note('project.updated', project.id);

      const memberPath = `${path}/members/${tenant.colleagueId}`;
      // Without a version to name, an addition that is repeated would be a change: ask first whether it has happened.
      while ((await caller.get(memberPath)).status === 404) {
        await caller.tryOnce('PUT', memberPath, { role: 'viewer' });
      }
      note('project-member.added', project.id);
      const memberTag = String(expectStatus(await caller.get(memberPath), 200).headers['etag']);
      expectDone(await caller.change('DELETE', memberPath, { ifMatch: memberTag }), 204);
      note('project-member.removed', project.id);

      const instance = await caller.post('/ecs/instances', { projectId: project.id, name: label });
      note('instance.created', expectStatus(instance, 201).body.id as string);

      const key = await caller.post('/auth/api-keys', { name: label });
      const keyId = expectStatus(key, 201).body.id as string;
      note('api-key.created', keyId);
      const keyPath = `/auth/api-keys/${keyId}`;
      expectDone(await caller.change('DELETE', keyPath, { ifMatch: String(key.headers['etag']) }), 204);
      note('api-key.revoked', keyId);

      if (round % 3 === 2) {
        const { headers } = expectStatus(await caller.get(path), 200);
        expectDone(await caller.change('DELETE', path, { ifMatch: String(headers['etag']) }), 204);
        note('project.deleted', project.id);
      } else tenant.projects.set(project.id, label);

      if (round % 8 === 7) {
        const username = `u-${label}`;
        const password = `correct horse ${label} battery`;
        const body = { username, email: `${username}@example.com`, password };
        const made = expectStatus(await stranger.post('/auth/register', body), 201).body;
        registered.push({
          username,
          password,
          tenantId: made.tenant.id,
          userId: made.user.id,
          address: tenant.address,
        });
        acknowledged += 1;
      }
    }
  }

  async function chaos(): Promise<void> {
    for (const share of crashesAt) {
      await until(
        () => acknowledged,
        (count) => count >= writes * share,
        600_000,
      );
      const restart = async (): Promise<void> => {
        await Promise.all([stack.kill(), stack.mariaDb.kill(), stack.redis.kill()]);
        await client.close();
        await Promise.all([stack.mariaDb.restart(), stack.redis.restart()]);
        await stack.start();
        client = new Client(stack.gateways[0] as string);
      };
      up = restart();
      await up;
    }
  }

  /** Nothing is left that is written and not yet in its chain. */
  async function everythingHasArrived(): Promise<void> {
    const connection = await createConnection(stack.mariaDb.url.replace(/\/[^/]*$/, ''));
    try {
      const count = services.map((service) => `(SELECT COUNT(*) FROM gatehouse_${service}.audit_outbox)`).join(' + ');
      await until(
        async () => {
          const [rows] = await connection.query(`SELECT ${count} AS waiting`);
          return Number((rows as { waiting: number | string }[])[0]?.waiting);
        },
        (waiting) => waiting === 0,
        60_000,
      );
    } finally {
      await connection.end();
    }
  }

  async function internal(path: string): Promise<Record<string, unknown>[]> {
    const request = { audience: 'tenant-service', sealKey: stack.sealKey, method: 'GET' };
    const headers = sealedHeaders({ ...request, path: path.split('?')[0] ?? '', identity: serviceIdentity('test') });
    const answer = await fetch(`http://127.0.0.1:${stack.ports('tenant-service').http}${path}`, { headers });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}: ${text}`);
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  it('keeps each acknowledged write, once, with one audit event, in chains that verify', async () => {
    const workers = tenants.flatMap((tenant, n) =>
      Array.from({ length: workersPerTenant }, (_, m) => worker(tenant, `t${n}w${m}`)),
    );
    await Promise.all([chaos(), ...workers]);
    expect(acknowledged).toBeGreaterThanOrEqual(writes);
    await everythingHasArrived();

    const ours = new Set(['project', 'project-member', 'instance', 'api-key']);
    for (const tenant of tenants) {
      const entries = await internal(`/internal/audit/export?tenantId=${tenant.owner.tenantId}`);
      const told = entries.filter(
        ({ action, clientAddress }) => ours.has(String(action).split('.')[0] ?? '') && clientAddress === tenant.address,
      );
      expect(told.map(({ action, target }) => `${String(action)} ${String(target)}`).toSorted()).toEqual(
        tenant.done.toSorted(),
      );
      expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
      expect(new Set(told.map(({ actorId }) => actorId))).toEqual(new Set([tenant.owner.userId]));

      const found = new Map<string, string>();
      let pageToken = '';
      do {
        const page = await client.get(`/projects?pageSize=100&pageToken=${encodeURIComponent(pageToken)}`, {
          token: tenant.owner.token,
        });
        for (const { id, name, description } of expectStatus(page, 200).body.items) {
          found.set(id as string, name as string);
          expect(description).toBe('third');
        }
        pageToken = page.body.nextPageToken as string;
      } while (pageToken !== '');
      expect(found).toEqual(tenant.projects);
    }

    for (const { username, password, tenantId, userId, address } of registered) {
      const login = await client.post('/auth/login', {
        body: { login: username, password },
        headers: { 'x-forwarded-for': address },
      });
      expect(login).toMatchObject({ status: 200, body: { user: { id: userId }, tenant: { id: tenantId } } });
      const entries = await internal(`/internal/audit/export?tenantId=${tenantId}`);
      const opened = entries.filter(({ action }) => action === 'account.registered');
      expect(opened).toMatchObject([{ target: userId }]);
    }

    const reports = await internal('/internal/audit/verification');
    expect(reports.length).toBeGreaterThanOrEqual(tenantCount);
    expect(reports.filter(({ intact }) => intact !== true)).toEqual([]);
  });
});
