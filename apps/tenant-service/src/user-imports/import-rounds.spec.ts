import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { Logger } from '@nestjs/common';

import { Audit, AuditOutboxRow, auditTables } from '@libs/audit';
import { deletionLogTables, Holds } from '@libs/deletion-log';
import { Refusal } from '@libs/errors';
import { Metrics } from '@libs/observability';
import { type Database, openDatabase, persistenceEntities, persistenceMigrations } from '@libs/persistence';
import { describeWith, startMariaDb, type TestServer } from '@libs/testing';
import { newContext, runInContext, serviceIdentity } from '@libs/trusted-headers';

import { UserImports1700000011000 } from '../migrations/user-imports.js';
import { ImportMetrics } from './import-metrics.js';
import { ImportPieces } from './import-pieces.js';
import { ImportProgress, Overtaken } from './import-progress.js';
import { ImportRounds } from './import-rounds.js';
import { ReceivedTables } from './received-tables.js';
import { RefusedRow } from './refused-row.entity.js';
import { RowTaker } from './row-taker.js';
import { SealedRows } from './sealed-rows.js';
import { UserImport } from './user-import.entity.js';
import { UserImportPiece } from './user-import-piece.entity.js';

Logger.overrideLogger(false);

const day = 24 * 3_600_000;
const tableOf = (rows: number): string =>
  ['username,email', ...Array.from({ length: rows }, (_, n) => `ann-${n},ann-${n}@example.com`)].join('\n');

class CountingRows extends RowTaker {
  override async take(progress: ImportProgress): Promise<'created'> {
    await progress.step({ created: progress.import.created + 1 });
    return 'created';
  }
}

class FailingRows extends RowTaker {
  override take(): Promise<never> {
    return Promise.reject(new Refusal('SERVICE_UNAVAILABLE'));
  }
}

function imports(startServer: () => Promise<TestServer | undefined>): void {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-imports-'));
  const seal = new SealedRows(randomBytes(32));
  const metrics = new ImportMetrics(new Metrics('imports-test'));
  let server: TestServer | undefined;
  let database: Database;
  let tables: ReceivedTables;
  let making: ImportPieces;
  let failing: ImportPieces;

  beforeAll(async () => {
    server = await startServer();
    database = await openDatabase({
      service: 'imports-test',
      databaseUrl: server?.url,
      dataDir,
      entities: [
        ...persistenceEntities,
        ...auditTables.entities,
        ...deletionLogTables.entities,
        UserImport,
        UserImportPiece,
        RefusedRow,
      ],
      migrations: [
        ...persistenceMigrations,
        ...auditTables.migrations,
        ...deletionLogTables.migrations,
        UserImports1700000011000,
      ],
    });
    tables = new ReceivedTables(database, new Holds(database), seal);
    [making, failing] = [piecesBy(new CountingRows()), piecesBy(new FailingRows())];
  }, 60_000);
  beforeEach(() =>
    database.transaction(async (manager) => {
      for (const entity of [UserImport, UserImportPiece, RefusedRow, AuditOutboxRow]) {
        await manager.createQueryBuilder().delete().from(entity).execute();
      }
    }),
  );
  afterAll(async () => {
    await database.close();
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const piecesBy = (taker: RowTaker): ImportPieces =>
    new ImportPieces(database, taker, seal, new Audit(database, { service: 'tenant' }), metrics);
  const roundsOf = (pieces: ImportPieces): ImportRounds => new ImportRounds(database, pieces, tables, metrics);
  const receive = (rows: number): Promise<UserImport> =>
    runInContext(newContext(serviceIdentity('test')), () =>
      tables.receive(Readable.from([Buffer.from(tableOf(rows))])),
    );
  const change = (id: string, fields: Partial<UserImport>) =>
    database.transaction((manager) => manager.update(UserImport, { id }, fields));
  const read = (id: string) => database.manager.findOneByOrFail(UserImport, { id });
  const queued = async (rows: number, fields: Partial<UserImport> = {}): Promise<UserImport> => {
    const { id } = await receive(rows);
    await change(id, { state: 'queued', ...fields });
    return read(id);
  };
  const left = async (): Promise<number[]> =>
    Promise.all([UserImport, UserImportPiece, RefusedRow].map((entity) => database.manager.count(entity)));

  it('take a step once, whichever of two processes makes it', async () => {
    const read1 = await queued(1);
    const first = await ImportProgress.of(database, read1);
    expect(await ImportProgress.of(database, read1)).toBeUndefined();
    // The lease of the first has run out.
    const second = await ImportProgress.of(database, await read(read1.id));
    await second?.step({ created: 1 });
    await expect(first?.step({ created: 1 })).rejects.toThrow(Overtaken);
    expect(await read(read1.id)).toMatchObject({ created: 1, refused: 0 });
  });

  it('are brought on a piece each, the small one behind the large one as well', async () => {
    const [large, small] = [await queued(250), await queued(10)];
    expect(await making.next(large, 'let go')).toBe(true);
    expect(await making.next(small, 'let go')).toBe(false);
    expect(await read(large.id)).toMatchObject({ state: 'running', created: 100 });
    expect(await read(small.id)).toMatchObject({ state: 'done', created: 10 });
    while (await making.next(await read(large.id), 'let go'));
    expect(await read(large.id)).toMatchObject({ state: 'done', created: 250 });
    expect(await left()).toEqual([2, 0, 0]);
  });

  it('rest while nothing can be done, and have failed after a day of that', async () => {
    const one = await queued(3);
    expect(await failing.next(one, 'let go')).toBe(false);
    expect(await read(one.id)).toMatchObject({ state: 'running', reason: 'SERVICE_UNAVAILABLE', finishedAt: null });
    await change(one.id, { movedAt: new Date(Date.now() - 2 * day) });
    expect(await failing.next(await read(one.id), 'let go')).toBe(false);
    expect(await read(one.id)).toMatchObject({ state: 'failed', reason: 'SERVICE_UNAVAILABLE', created: 0 });
    expect(await left()).toEqual([1, 0, 0]);
    expect(await making.next(await read(one.id), 'let go')).toBe(false);
  });

  it('are forgotten 30 days after their end, and those that never came in after an hour', async () => {
    const done = await queued(1);
    await receive(2);
    while (await making.next(await read(done.id), 'let go'));
    await roundsOf(making).forget(Date.now() + 59 * 60_000);
    expect(await left()).toEqual([2, 1, 0]);
    await roundsOf(making).forget(Date.now() + 61 * 60_000);
    expect(await left()).toEqual([1, 0, 0]);
    await roundsOf(making).forget(Date.now() + 29 * day);
    expect(await left()).toEqual([1, 0, 0]);
    await roundsOf(making).forget(Date.now() + 31 * day);
    expect(await left()).toEqual([0, 0, 0]);
  });

  it('keep nothing of a table whose sender went away', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from(tableOf(300));
        throw new Error('the connection is gone');
      })(),
    );
    const received = runInContext(newContext(serviceIdentity('test')), () => tables.receive(broken));
    await expect(received).rejects.toThrow('gone');
    expect(await left()).toEqual([0, 0, 0]);
  });

  it('show nobody who reads the tables what is in their rows', async () => {
    await receive(5);
    const [piece] = await database.manager.find(UserImportPiece);
    expect(Buffer.from(piece?.sealedRows ?? '', 'base64').toString('latin1')).not.toMatch(/ann-/);
  });
}

describe('imports of users', () => {
  imports(() => Promise.resolve(undefined));
});
describeWith(['mariadbd', 'mariadb-install-db'], 'imports of users, on MariaDB', () => {
  imports(startMariaDb);
});
