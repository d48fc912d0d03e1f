import { createConnection } from 'mysql2/promise';

import { aNote, Note, noteTables, onEachDatabase, onMariaDb, type TestDatabase, type TestServer } from '@libs/testing';

import type { Database } from '../database/database.js';
import { DatabaseHealth, storageFaults } from './database-health.js';
import { TenantRepository } from '../repository/tenant-repository.js';

const unavailable = { code: 'SERVICE_UNAVAILABLE', headers: { 'retry-after': '1' } };

describe('a database that reads and takes no writes', () => {
  onEachDatabase(noteTables, (under) => {
    let database: Database;
    let notes: TenantRepository<Note>;
    let health: DatabaseHealth;
    const large = () => aNote({ text: 'x'.repeat(1024 ** 2) });
    const insert = () => database.transaction(() => notes.insert(large()));

    beforeAll(() => {
      ({ database } = under());
      notes = new TenantRepository(database, Note);
      health = new DatabaseHealth(database);
    });
    afterAll(() => health.onApplicationShutdown());

    it('is full: writes are refused for now, readiness says so, reads go on, and all comes back by itself', async () => {
      const { id } = await insert();
      expect(await health.check()).toBeUndefined();

      const makeRoom = await fill(under());
      await expect(insert()).rejects.toMatchObject(unavailable);
      expect(await notes.findOne('tenant-1', { id })).toMatchObject({ id });
      expect(await health.check()).toEqual({ writes: 'refused' });
      expect(storageFaults()).toMatchObject({ full: 1 });

      await makeRoom();
      expect(await health.check()).toBeUndefined();
      expect(storageFaults()).toMatchObject({ full: 0 });
      await insert();
    });
  });

  onMariaDb(noteTables, (under) => {
    it.each([
      { errno: 3, fault: 'failing' },
      { errno: 20, fault: 'full' },
      { errno: 28, fault: 'full' },
      { errno: 1021, fault: 'full' },
      { errno: 1026, fault: 'failing' },
      { errno: 1030, fault: 'failing' },
      { errno: 1036, fault: 'read-only' },
      { errno: 1114, fault: 'full' },
      { errno: 1290, fault: 'read-only' },
      { errno: 1792, fault: 'read-only' },
      { errno: 1836, fault: 'read-only' },
    ])('answers $errno, so it is $fault', async ({ errno, fault }) => {
      const { database, server } = under();
      const health = new DatabaseHealth(database);
      const notes = new TenantRepository(database, Note);
      await reportOnInsert(server, errno, ['notes']);
      await expect(database.transaction(() => notes.insert(aNote()))).rejects.toMatchObject(unavailable);
      expect(health.fault).toBe(fault);
      await reportOnInsert(server, 0, ['notes']);
      expect(await health.check()).toBeUndefined();
      expect(health.fault).toBeUndefined();
      health.onApplicationShutdown();
    });

    it.each([
      { errno: 1203, what: 'it has no connection to spare' },
      { errno: 1226, what: 'it has no connection to spare' },
      { errno: 1317, what: 'the statement was ended' },
      { errno: 1969, what: 'the statement took too long' },
      { errno: 3024, what: 'the statement took too long' },
    ])('answers $errno: $what', async ({ errno }) => {
      const { database, server } = under();
      const notes = new TenantRepository(database, Note);
      await reportOnInsert(server, errno, ['notes']);
      await expect(database.transaction(() => notes.insert(aNote()))).rejects.toMatchObject(unavailable);
      await reportOnInsert(server, 0, ['notes']);
      await database.transaction(() => notes.insert(aNote()));
    });
  });
});

/** Leaves no room in the database, and answers what makes room again. */
async function fill({ database, server }: TestDatabase): Promise<() => Promise<void>> {
  if (server !== undefined) {
    const tables = ['notes', 'idempotency_records'];
    await reportOnInsert(server, 1114, tables);
    return () => reportOnInsert(server, 0, tables);
  }
  const limit = (pages: string) =>
    database.transaction((manager) => manager.query<unknown>(`PRAGMA max_page_count = ${pages}`));
  // SQLite takes the number that there are for the least.
  await limit('1');
  return async () => void (await limit('1000000'));
}

/** What a trigger signals comes as the server's own errors come. 0 ends it. */
async function reportOnInsert(server: TestServer | undefined, errno: number, tables: readonly string[]): Promise<void> {
  const connection = await createConnection(server?.url ?? '');
  try {
    const found = "SELECT TABLE_SCHEMA AS name FROM information_schema.TABLES WHERE TABLE_NAME = 'notes'";
    const [rows] = await connection.query(found);
    await connection.changeUser({ database: (rows as { name: string }[])[0]?.name ?? '' });
    for (const table of tables) {
      await connection.query(`DROP TRIGGER IF EXISTS ${table}_broken`);
      if (errno === 0) continue;
      const body = `FOR EACH ROW SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ${errno}`;
      await connection.query(`CREATE TRIGGER ${table}_broken BEFORE INSERT ON ${table} ${body}`);
    }
  } finally {
    await connection.end();
  }
}
