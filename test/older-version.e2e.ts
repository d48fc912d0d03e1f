import { jest } from '@jest/globals';

import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Logger } from '@nestjs/common';
import { createConnection } from 'mysql2/promise';

import { auditTables } from '@libs/audit';
import { deletionLogTables } from '@libs/deletion-log';
import { MailTables1700000000500 } from '@libs/mail';
import { type Database, openDatabase, persistenceMigrations, type PersistenceOptions } from '@libs/persistence';
import { describeWith, startMariaDb, type TestServer } from '@libs/testing';

import { keepWriting, writeAsBefore } from './support/older-writer.js';
import { readTableShapes } from './support/read-table-shapes.js';
import { breaksOf, type ColumnShape, type TableShape, type TableShapes } from './support/table-shapes.js';

jest.setTimeout(120_000);

type Migration = PersistenceOptions['migrations'][number];

/**
 * What an older version cannot live with, by migration, and why it is done all the same. Whoever adds one says in the
 * change log which version must be gone before.
 */
const knownBreaks: Readonly<Record<string, Readonly<Record<string, string>>>> = {};

/** Shared with every service's own. */
const shared: Readonly<Record<string, readonly Migration[]>> = { 'auth-service': [MailTables1700000000500] };

/** What every service with a database has. */
const ownTables = [...persistenceMigrations, ...auditTables.migrations, ...deletionLogTables.migrations];

const services = ['auth-service', 'tenant-service', 'project-service', 'ecs-service', 'gateway'] as const;

/** In the order in which a database meets them that has seen every version. */
async function migrationsOf(service: string): Promise<Migration[]> {
  const folder = service === 'gateway' ? 'configuration/versions' : '**/migrations';
  const files = globSync(join('apps', service, 'src', folder, '*.ts')).filter((name) => !name.endsWith('.spec.ts'));
  const found: Migration[] = [];
  for (const file of files) {
    const exported = (await import(pathToFileURL(resolve(file)).href)) as Record<string, unknown>;
    for (const [name, value] of Object.entries(exported)) if (/\d{13}$/.test(name)) found.push(value as Migration);
  }
  if (found.length === 0) throw new Error(`there are no migrations of ${service} in ${folder}`);
  const all = [...ownTables, ...(shared[service] ?? []), ...found];
  return all.toSorted((a, b) => timeOf(a) - timeOf(b));
}
const timeOf = ({ name }: Migration): number => Number(name.slice(-13));

interface Place {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
}

/** A schema that grows by one migration after the other, as it did when the versions came out. */
class GrowingSchema {
  constructor(
    private readonly service: string,
    private readonly place: Place,
  ) {}

  async with<T>(migrations: readonly Migration[], look: (database: Database) => Promise<T>): Promise<T> {
    const database = await openDatabase({ service: this.service, ...this.place, entities: [], migrations });
    try {
      return await look(database);
    } finally {
      await database.close();
    }
  }
}

const unlisted = (migration: Migration, breaks: readonly string[]): string[] =>
  breaks.filter((each) => knownBreaks[migration.name]?.[each] === undefined);

class Harmful1799999999999 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query('ALTER TABLE outbox ADD COLUMN urgency int NOT NULL DEFAULT 1');
    await runner.query('ALTER TABLE outbox DROP COLUMN topic');
    await runner.query('CREATE UNIQUE INDEX one_each ON outbox (subject)');
    await runner.query('DROP TABLE followed_endings');
  }
  async down(): Promise<void> {}
}

const findsHarm = async (schema: GrowingSchema): Promise<void> => {
  const before = await schema.with(ownTables, readTableShapes);
  const harmful = [...ownTables, Harmful1799999999999 as Migration];
  const after = await schema.with(harmful, readTableShapes);
  expect(breaksOf(before, after).toSorted()).toEqual([
    'followed_endings is gone',
    'outbox (subject) has become unique',
    'outbox.topic is gone',
  ]);
};

beforeAll(() => Logger.overrideLogger(false));

describe('what an older version cannot live with', () => {
  const column = (type: string, choice: Partial<ColumnShape> = {}): ColumnShape => ({
    type,
    isNullable: false,
    hasDefault: false,
    ...choice,
  });
  const tables = (columns: Record<string, ColumnShape>, more: Partial<TableShape> = {}): TableShapes => ({
    notes: { columns: { id: column('varchar(36)'), ...columns }, unique: ['id'], references: [], ...more },
  });

  it.each<{ when: string; before?: TableShapes; after: TableShapes; breaks: string[] }>([
    { when: 'a table goes', after: {}, breaks: ['notes is gone'] },
    { when: 'a column goes', before: tables({ a: column('int') }), after: tables({}), breaks: ['notes.a is gone'] },
    {
      when: 'a column gets shorter',
      before: tables({ a: column('varchar(20)') }),
      after: tables({ a: column('varchar(10)') }),
      breaks: ['notes.a was varchar(20) and is varchar(10)'],
    },
    {
      when: 'a column gets another type',
      before: tables({ a: column('varchar(20)') }),
      after: tables({ a: column('int') }),
      breaks: ['notes.a was varchar(20) and is int'],
    },
    {
      when: 'a column takes no NULL any more',
      before: tables({ a: column('int', { isNullable: true }) }),
      after: tables({ a: column('int', { hasDefault: true }) }),
      breaks: ['notes.a takes no NULL any more'],
    },
    {
      when: 'a column loses its default',
      before: tables({ a: column('int', { hasDefault: true }) }),
      after: tables({ a: column('int') }),
      breaks: ['notes.a has no default any more'],
    },
    { when: 'a new column has to be given', after: tables({ a: column('int') }), breaks: ['notes.a has to be given'] },
    {
      when: 'something becomes unique',
      after: tables({}, { unique: ['id', 'a,b'] }),
      breaks: ['notes (a,b) has become unique'],
    },
    {
      when: 'a row has to find another',
      after: tables({}, { references: ['a -> others'] }),
      breaks: ['notes has to find a -> others'],
    },
    {
      when: 'nothing of it: wider text, new tables, columns that may be left out',
      before: tables({ a: column('varchar(20)') }),
      after: {
        ...tables({ a: column('longtext'), b: column('int', { isNullable: true }) }),
        others: { columns: {}, unique: ['a'], references: ['b -> notes'] },
      },
      breaks: [],
    },
  ])('$when', ({ before = tables({}), after, breaks }) => {
    expect(breaksOf(before, after)).toEqual(breaks);
  });
});

describe('a migration, on SQLite', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-older-'));
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
  const place = { databaseUrl: undefined, dataDir };

  it.each(services)('of %s leaves all that the version before it reads and writes', async (service) => {
    const migrations = await migrationsOf(service);
    const schema = new GrowingSchema(service, place);
    let before: TableShapes = {};
    for (const [index, migration] of migrations.entries()) {
      before = await schema.with(migrations.slice(0, index + 1), async (database) => {
        const after = await readTableShapes(database);
        expect([migration.name, unlisted(migration, breaksOf(before, after))]).toEqual([migration.name, []]);
        if (knownBreaks[migration.name] === undefined) {
          await database.transaction((manager) =>
            writeAsBefore((sql, values) => manager.query(sql, [...values]), withoutReferences(before)),
          );
        }
        return after;
      });
    }
    expect(Object.keys(before).length).toBeGreaterThan(0);
  });

  it('that would do harm is found', () => findsHarm(new GrowingSchema('harmful', place)));
});

describeWith(['mariadbd'], 'a migration, on MariaDB', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startMariaDb();
  });
  afterAll(() => server?.stop());
  const place = (): Place => ({ databaseUrl: server.url, dataDir: '' });

  it.each(services)('of %s runs while processes of the version before it write', async (service) => {
    const migrations = await migrationsOf(service);
    const schema = new GrowingSchema(service, place());
    let before = await schema.with(migrations.slice(0, 1), readTableShapes);
    for (const [index, migration] of migrations.entries()) {
      if (index === 0) continue;
      const writers = await Promise.all([1, 2, 3].map(() => connectTo(server.url, service)));
      const stops = knownBreaks[migration.name] === undefined ? writers.map((each) => keepWriting(each, before)) : [];
      const after = await schema.with(migrations.slice(0, index + 1), readTableShapes);
      for (const stop of stops) expect(await stop()).toBeGreaterThan(0);
      // And what they begin afterwards.
      for (const writer of writers) {
        await writeAsBefore((sql, values) => writer.query(sql, [...values]), before);
        await writer.end();
      }
      expect([migration.name, unlisted(migration, breaksOf(before, after))]).toEqual([migration.name, []]);
      before = after;
    }
  });

  it('that would do harm is found', () => findsHarm(new GrowingSchema('harmful', place())));
});

/** SQLite looks at what is referred to; of what a row refers to there is nothing here. */
const withoutReferences = (shapes: TableShapes): TableShapes =>
  Object.fromEntries(Object.entries(shapes).filter(([, { references }]) => references.length === 0));

async function connectTo(url: string, service: string) {
  const schema = `${new URL(url).pathname.slice(1)}_${service.replaceAll('-', '_')}`;
  const connection = await createConnection(url);
  await connection.query(`USE \`${schema}\``);
  await connection.query('SET FOREIGN_KEY_CHECKS = 0');
  return connection;
}
