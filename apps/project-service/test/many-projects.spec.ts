import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';

import { rowsOfReach } from '@libs/persistence';
import { anIdentity, describeWith, startMariaDb, type TestServer } from '@libs/testing';

import { projectListing } from '../src/projects/project-listing.js';
import { alice } from './people.fixture.js';
import { type ProjectServiceUnderTest, projectServiceUnderTest } from './project-service-under-test.fixture.js';

const projects = 150_000;
const { tenantId } = alice;
const member = (userId: string) => anIdentity({ userId, tenantId, roles: ['member'] });
/** Who sees how many of them. */
const callers = { all: alice, some: member('user-some'), half: member('user-half'), none: member('user-none') };

/** The walk, the end of it, and whether something leads to few: each once, and again for the rows behind an index. */
const mostRead = 6 * rowsOfReach;

const values: Readonly<Record<string, string>> = {
  text: 'Project 7',
  id: 'user-alice',
  time: '2026-01-05T00:00:00Z',
};

/** The counts and the projects that were changed last. */
const mostOfDashboard = 10 * rowsOfReach;

const orders = projectListing.options.orderable.flatMap((field) => [field, `${field} desc`]);
const filters = Object.entries(projectListing.options.filterable ?? {}).flatMap(([field, kind]) => {
  const value = typeof kind === 'string' ? values[kind] : kind.at(-1);
  const operators = { text: ['=', '!=', ':'], time: ['=', '<', '>='] }[String(kind)] ?? ['=', '!='];
  return operators.map((operator) => `${field} ${operator} "${value}"`);
});

describeWith(['mariadbd', 'mariadb-install-db'], `a tenant with ${projects} projects, on MariaDB`, () => {
  let server: TestServer;
  let service: ProjectServiceUnderTest;
  let connection: Connection;

  beforeAll(async () => {
    server = await startMariaDb();
    service = await projectServiceUnderTest({ DATABASE_URL: server.url });
    connection = await createConnection({ uri: server.url, database: 'gatehouse_project' });
    await connection.query(`INSERT INTO projects
        (id, version, createdAt, updatedAt, tenantId, name, livingNameKey, description, status, ownerId, deletedAt)
      SELECT CONCAT('project-', LPAD(seq, 8, '0')), 1, '2026-01-01' + INTERVAL seq MINUTE,
        '2026-01-01' + INTERVAL (seq * 7919) % ${projects} MINUTE, '${tenantId}', CONCAT('Project ', seq),
        IF(seq % 3 = 0, NULL, CONCAT('project ', seq)), 'What it is for', IF(seq % 500 = 1, 'archived', 'active'),
        '${alice.userId}', IF(seq % 3 = 0, '2026-06-01', NULL)
      FROM seq_1_to_${projects}`);
    await connection.query(`INSERT INTO project_members
        (id, version, createdAt, updatedAt, tenantId, projectId, userId, role)
      SELECT CONCAT(u.userId, LPAD(seq, 8, '0')), 1, NOW(), NOW(), '${tenantId}',
        CONCAT('project-', LPAD(seq, 8, '0')), u.userId, 'viewer'
      FROM seq_1_to_${projects} JOIN (SELECT 'user-some' AS userId, 5000 AS every UNION ALL SELECT 'user-half', 2) u
      WHERE seq % u.every = 1`);
    await connection.query('ANALYZE TABLE projects, project_members');
  }, 120_000);
  afterAll(async () => {
    await connection.end();
    await service.stop();
    await server.stop();
  });

  async function rowsRead(): Promise<number> {
    const [rows] = await connection.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Handler_read%'");
    return rows.reduce((sum, { Value: value }) => sum + Number(value), 0);
  }

  /** What others read meanwhile, for instance to see what is due, is little. */
  async function readBy(
    path: string,
    as = alice,
    bound = mostRead,
  ): Promise<{ path: string; status: number; most: boolean }> {
    const before = await rowsRead();
    const { status } = await service.call(`GET ${path}`, { as });
    return { path, status, most: (await rowsRead()) - before <= bound };
  }

  const pathOf = (query: Record<string, string>): string => `/projects?${new URLSearchParams(query).toString()}`;

  it.each(Object.entries(callers))(
    'reads no more than a bounded number of rows for a page, to who sees %s',
    async (_who, as) => {
      for (const orderBy of orders) {
        for (const filter of ['', ...filters]) {
          const path = pathOf({ orderBy, ...(filter === '' ? {} : { filter }) });
          expect(await readBy(path, as)).toEqual({ path, status: 200, most: true });
        }
      }
    },
    300_000,
  );

  it.each(Object.entries(callers))('shows the dashboard without counting all, to who sees %s', async (_who, as) => {
    expect(await readBy('/dashboard', as, mostOfDashboard)).toEqual({ path: '/dashboard', status: 200, most: true });
  });

  it('counts as far as it goes, and says so', async () => {
    const of = async (as = alice) => (await service.call('GET /dashboard', { as })).body.projects;
    expect(await of()).toEqual({ total: 10_200, active: 10_000, archived: 200, atLeast: true });
    expect(await of(callers.some)).toEqual({ total: 20, active: 0, archived: 20 });
    expect(await of(callers.half)).toMatchObject({ atLeast: true });
    expect(await of(callers.none)).toEqual({ total: 0, active: 0, archived: 0 });
  });

  it('comes to the last row by whatever many pages, once each', async () => {
    for (const [filter, count] of [
      ['description : "none"', 0],
      ['description : "WHAT" AND status = archived', 200],
      ['name : "project 1111"', 75],
    ] as const) {
      const seen: string[] = [];
      let pageToken = '';
      do {
        const { body } = await service.call(`GET ${pathOf({ filter, pageToken, pageSize: '100' })}`, { as: alice });
        seen.push(...body.items.map(({ id }: { id: string }) => id));
        pageToken = body.nextPageToken;
      } while (pageToken !== '');
      expect([filter, seen.length, new Set(seen).size]).toEqual([filter, count, count]);
    }
  });

  it('refuses to sort all of them by what no index is in the order of', async () => {
    const { status, body } = await service.call(`GET ${pathOf({ orderBy: 'status, name' })}`, { as: alice });
    expect([status, body.errors?.[0]?.code]).toEqual([400, 'TOO_MANY']);
    expect((await service.call(`GET ${pathOf({ orderBy: 'status, name' })}`, { as: callers.some })).status).toBe(200);
  });
});
