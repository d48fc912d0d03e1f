import { jest } from '@jest/globals';

import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { auditTables } from '@libs/audit';
import { deletionLogTables } from '@libs/deletion-log';
import { MailTables1700000000500 } from '@libs/mail';
import { type Database, Listing, type Many, openDatabase, persistenceMigrations } from '@libs/persistence';
import { describeWith, startMariaDb, type TestServer } from '@libs/testing';

jest.setTimeout(120_000);

interface Listed {
  readonly name: string;
  readonly table: string;
  readonly listing: Listing<{ id: string }>;
}

const services = ['auth-service', 'tenant-service', 'project-service', 'ecs-service'] as const;

const sourcesOf = (service: string): string[] =>
  globSync(`apps/${service}/src/**/*.ts`).filter((file) => !file.endsWith('.spec.ts'));

const load = async (file: string): Promise<Record<string, unknown>> =>
  (await import(pathToFileURL(resolve(file)).href)) as Record<string, unknown>;

const inSources = (service: string, pattern: RegExp): { file: string; found: RegExpMatchArray }[] =>
  sourcesOf(service).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(pattern)].map((found) => ({ file, found })),
  );

async function listingsOf(service: string): Promise<Listed[]> {
  const tables = new Map(
    inSources(service, /@Entity\('(\w+)'\)[\s\S]*?class (\w+)/g).map(({ found }) => [found[2], found[1]]),
  );
  const made = inSources(service, /(?:const (\w+)\s*=\s*)?new Listing<(\w+)>/g);
  return Promise.all(
    made.map(async ({ file, found: [, name = '', entity] }) => ({
      name,
      table: String(tables.get(entity)),
      listing: (await load(file))[name] as Listing<{ id: string }>,
    })),
  );
}

async function migrationsOf(service: string) {
  const found = await Promise.all(inSources(service, /class (\w+\d{13}) /g).map(({ file }) => load(file)));
  const own = found.flatMap((file) => Object.values(file) as (typeof persistenceMigrations)[number][]);
  return [
    ...persistenceMigrations,
    ...auditTables.migrations,
    ...deletionLogTables.migrations,
    ...(service === 'auth-service' ? [MailTables1700000000500] : []),
    ...own,
  ];
}

/** The indexes of a table, as lists of columns. Those that are unique have the id behind them: no two rows are in one place. */
async function indexesOf({ manager, kind }: Database, table: string): Promise<string[][]> {
  const rows: { name: string; col: string; isUnique: number }[] = await manager.query(
    kind === 'mysql'
      ? `SELECT INDEX_NAME AS name, COLUMN_NAME AS col, NON_UNIQUE = 0 AS isUnique FROM information_schema.STATISTICS
         WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${table}' ORDER BY INDEX_NAME, SEQ_IN_INDEX`
      : `SELECT list.name AS name, info.name AS col, list."unique" AS isUnique
         FROM pragma_index_list('${table}') list, pragma_index_info(list.name) info ORDER BY list.name, info.seqno`,
  );
  return [...Map.groupBy(rows, ({ name }) => name).values()].map((columns) => [
    ...columns.map(({ col }) => col),
    ...(Number(columns[0]?.isUnique) === 1 ? ['id'] : []),
  ]);
}

const hasIndex = (indexes: readonly string[][], scope: readonly string[], ...then: string[]): boolean =>
  indexes.some(
    (columns) =>
      scope.every((field) => columns.slice(0, scope.length).includes(field)) &&
      then.every((field, at) => columns[scope.length + at] === field),
  );

function onTablesOf(service: string, kind: string, startServer: () => Promise<TestServer | undefined>): void {
  describe(`the lists of ${service}, on ${kind}`, () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-listings-'));
    let database: Database;
    let server: TestServer | undefined;
    let lists: readonly (Listed & { readonly size: Many })[];

    beforeAll(async () => {
      server = await startServer();
      const migrations = await migrationsOf(service);
      database = await openDatabase({ service, databaseUrl: server?.url, dataDir, entities: [], migrations });
      lists = (await listingsOf(service)).flatMap((listed) => {
        const { size } = listed.listing.options;
        return 'few' in size ? [] : [{ ...listed, size }];
      });
    });
    afterAll(async () => {
      await database.close();
      await server?.stop();
      rmSync(dataDir, { recursive: true, force: true });
    });

    it('have an index for each order along which they are walked', async () => {
      for (const { name, table, size } of lists) {
        const indexes = await indexesOf(database, table);
        const walked = size.walks.filter((field) => hasIndex(indexes, size.scope, field, 'id'));
        expect({ name, walked }).toEqual({ name, walked: size.walks });
      }
    });

    it('have an index for each field that leads to what equals it', async () => {
      for (const { name, table, size } of lists) {
        const indexes = await indexesOf(database, table);
        const found = (size.finds ?? []).filter((field) => hasIndex(indexes, size.scope, field));
        expect({ name, found }).toEqual({ name, found: size.finds ?? [] });
      }
    });

    if (kind !== 'SQLite') return;
    it('sort nothing to show a page of any of these orders', async () => {
      for (const { table, size } of lists) {
        const where = size.scope.map((field) => (field === 'deletedAt' ? 'deletedAt IS NULL' : `${field} = 'x'`));
        for (const field of size.walks) {
          for (const direction of ['ASC', 'DESC']) {
            const sql = `SELECT * FROM ${table} WHERE ${where.join(' AND ') || '1 = 1'} ORDER BY ${field} ${direction}, id ${direction} LIMIT 21`;
            const plan: { detail: string }[] = await database.manager.query(`EXPLAIN QUERY PLAN ${sql}`);
            expect([sql, plan.map(({ detail }) => detail).join()]).toEqual([sql, expect.stringMatching(/USING INDEX/)]);
            expect([sql, plan.map(({ detail }) => detail).join()]).toEqual([
              sql,
              expect.not.stringMatching(/TEMP B-TREE/),
            ]);
          }
        }
      }
    });
  });
}

describe('lists', () => {
  it('are walked in their usual order, unless nobody has many, for a reason that is said', async () => {
    for (const service of services) {
      const lists = await listingsOf(service);
      expect(lists.length).toBeGreaterThan(0);
      for (const { name, table, listing } of lists) {
        expect([name, listing instanceof Listing, table]).toEqual([name, true, expect.not.stringMatching(/undefined/)]);
        const { size, defaultOrder, orderable } = listing.options;
        const usual = /^\w+/.exec(defaultOrder)?.[0];
        if ('few' in size) expect([name, size.few]).toEqual([name, expect.stringMatching(/\w+ \w+/)]);
        else
          expect([name, size.walks, orderable]).toEqual([
            name,
            expect.arrayContaining([usual]),
            expect.arrayContaining([...size.walks]),
          ]);
      }
    }
  });

  for (const service of services) {
    onTablesOf(service, 'SQLite', () => Promise.resolve(undefined));
    describeWith(['mariadbd'], 'with a server', () => onTablesOf(service, 'MariaDB', startMariaDb));
  }
});
