import { jest } from '@jest/globals';

import { join } from 'node:path';

import Libsql from 'libsql';

import { Client } from './support/client.js';
import { aPerson, expectStatus, type Person } from './support/flow.js';
import { EmbeddedStack } from './support/stack.js';

jest.setTimeout(120_000);

/** More than a page looks at, so that SQLite answers in its thread. */
const count = 25_000;

describe('a tenant with many projects, embedded', () => {
  let stack: EmbeddedStack;
  let client: Client;
  let owner: Person;
  let token: string;

  beforeAll(async () => {
    stack = await EmbeddedStack.create();
    await stack.start();
    client = new Client(stack.gateways[0] as string);
    owner = await aPerson(client);
    ({ token } = owner);
    expectStatus(await client.post('/projects', { token, body: { name: 'the first' } }), 201);
    const database = new Libsql(join(stack.dataDir, 'project.db'), { timeout: 10_000 });
    database.exec(`INSERT INTO projects
        (id, version, createdAt, updatedAt, tenantId, name, livingNameKey, description, status, ownerId, deletedAt)
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
      SELECT 'project-' || printf('%08d', n), 1, t.createdAt, t.updatedAt, t.tenantId, 'Project ' || n, 'project ' || n,
        CASE WHEN n % 10000 = 7 THEN 'the needle' ELSE 'hay' END, 'active', t.ownerId, NULL
      FROM numbers, (SELECT * FROM projects LIMIT 1) t`);
    database.close();
  });
  afterAll(async () => {
    await client?.close();
    await stack?.dispose();
  });

  const list = async (query: Record<string, string>) =>
    expectStatus(await client.get(`/projects?${new URLSearchParams(query).toString()}`, { token }), 200).body as {
      items: { name: string }[];
      nextPageToken: string;
    };

  it.each(['name', 'createdAt desc', 'status', 'updatedAt'])(
    'finds what only a walk along all finds, by %s, over several pages',
    async (orderBy) => {
      const pages: string[][] = [];
      let pageToken = '';
      do {
        const { items, nextPageToken } = await list({ orderBy, filter: 'description : "NEEDLE"', pageToken });
        pages.push(items.map(({ name }) => name));
        pageToken = nextPageToken;
      } while (pageToken !== '');
      expect(pages.flat().toSorted()).toEqual(['Project 10007', 'Project 20007', 'Project 7']);
      expect(pages).toHaveLength(3);
    },
  );

  it('finds at once what an index leads to', async () => {
    const { items, nextPageToken } = await list({ filter: 'name = "Project 12345" AND status = active' });
    expect([items.map(({ name }) => name), nextPageToken]).toEqual([['Project 12345'], '']);
  });

  it('answers all that ask at once, and others between them', async () => {
    const other = await aPerson(client, 'bob');
    const searches = Array.from({ length: 20 }, () => list({ orderBy: 'name', filter: 'description : "nowhere"' }));
    expectStatus(await client.post('/projects', { token: other.token, body: { name: 'meanwhile' } }), 201);
    expectStatus(await client.get('/dashboard', { token: other.token }), 200);
    for (const { items, nextPageToken } of await Promise.all(searches)) {
      expect([items, nextPageToken === '']).toEqual([[], false]);
    }
  });

  it('says of its projects how many there are at least', async () => {
    const { projects, partial } = expectStatus(await client.get('/dashboard', { token }), 200).body as {
      projects: object;
      partial: string[];
    };
    expect([projects, partial]).toEqual([{ total: 10_000, active: 10_000, archived: 0, atLeast: true }, []]);
  });
});
