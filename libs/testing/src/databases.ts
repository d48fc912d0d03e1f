import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Database,
  openDatabase,
  persistenceEntities,
  persistenceMigrations,
  type PersistenceOptions,
} from '@libs/persistence';

import { describeWith } from './describe-with.js';
import { startMariaDb } from './maria-db.js';
import type { TestServer } from './test-server.js';

type Tables = Pick<PersistenceOptions, 'entities' | 'migrations'>;

/** A database of its own for one suite, which may be opened more than once, as by several processes. */
export interface TestDatabase {
  /** The first `Database` on it. */
  readonly database: Database;
  open(): Promise<Database>;
  readonly options: Omit<PersistenceOptions, 'encryptionKey'>;
  /** The server, where there is one. */
  readonly server: TestServer | undefined;
}

type Tests = (under: () => TestDatabase) => void;

/** Runs the same tests on embedded SQLite and on a real MariaDB. */
export function onEachDatabase(tables: Tables, tests: Tests): void {
  describe('on SQLite', () => withDatabase(tables, () => Promise.resolve(undefined), tests));
  onMariaDb(tables, tests);
}

export function onMariaDb(tables: Tables, tests: Tests): void {
  describeWith(['mariadbd'], 'on MariaDB', () => withDatabase(tables, startMariaDb, tests));
}

function withDatabase(tables: Tables, startServer: () => Promise<TestServer | undefined>, tests: Tests): void {
  const opened: Database[] = [];
  let dataDir: string;
  let current: TestDatabase;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-persistence-'));
    const server = await startServer();
    const options = {
      service: 'unit-test',
      databaseUrl: server?.url,
      dataDir,
      entities: [...persistenceEntities, ...tables.entities],
      migrations: [...persistenceMigrations, ...tables.migrations],
    };
    const open = async (): Promise<Database> => {
      const database = await openDatabase(options);
      opened.push(database);
      return database;
    };
    current = { database: await open(), open, options, server };
  }, 60_000);

  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()));
    await current.server?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  tests(() => current);
}
