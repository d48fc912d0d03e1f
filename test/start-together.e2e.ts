import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { jest } from '@jest/globals';
import { createConnection, type RowDataPacket } from 'mysql2/promise';

import { describeWith, freePort, startMariaDb, type TestServer, until } from '@libs/testing';

import { built } from './support/built.js';
import { Child } from './support/child.js';

jest.setTimeout(120_000);

interface Line {
  readonly migrations?: unknown;
  readonly changes?: unknown;
}

describeWith(['mariadbd'], 'two processes of one service', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
  const keys = {
    SEAL_KEY: randomBytes(32).toString('base64url'),
    ENCRYPTION_KEY: randomBytes(32).toString('base64url'),
  };
  const children: Child[] = [];
  let database: TestServer;

  beforeAll(async () => {
    database = await startMariaDb();
  });
  afterAll(async () => {
    await Promise.all(children.map((child) => child.kill()));
    await database?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Does not wait until it is ready. */
  async function launch(name: string): Promise<{ child: Child; ready: () => Promise<void> }> {
    const management = await freePort();
    const child = new Child(name, built('apps/project-service/src/main.js'), {
      ...keys,
      NODE_ENV: 'production',
      LOG_LEVEL: 'info',
      DATABASE_URL: database.url,
      DATA_DIR: join(folder, name),
      HTTP_PORT: '0',
      GRPC_PORT: '0',
      MANAGEMENT_PORT: String(management),
    });
    children.push(child);
    return { child, ready: () => child.ready(`http://127.0.0.1:${management}/ready`) };
  }

  const linesOf = (child: Child, message: string): Line[] =>
    child.output
      .split('\n')
      .filter((line) => line.includes(`"msg":"${message}"`))
      .map((line) => JSON.parse(line) as Line);

  it('start at once on an empty database: one of them migrates, and says what', async () => {
    const both = await Promise.all([launch('first'), launch('second')]);
    await Promise.all(both.map(({ ready }) => ready()));

    const migrating = both.flatMap(({ child }) => linesOf(child, 'migrating'));
    expect(migrating).toHaveLength(1);
    const said = migrating[0]?.migrations as string[];
    const changes = expect.arrayContaining([
      'CREATE TABLE outbox',
      'CREATE TABLE projects',
      'INSERT INTO endings_head',
    ]);
    expect(both.flatMap(({ child }) => linesOf(child, 'migrated'))).toMatchObject([
      { migrations: said.length, changes },
    ]);

    const connection = await createConnection({ uri: `${database.url}_project` });
    const [rows] = await connection.query<RowDataPacket[]>('SELECT name FROM migrations ORDER BY id');
    await connection.end();
    expect(rows.map((row) => String(row['name']))).toEqual(said);

    for (const { child } of both) expect(await child.stop()).toMatchObject({ code: 0 });
  });

  it('say what they wait for while the database is not there, and go on when it is', async () => {
    await database.kill();
    const { child, ready } = await launch('early');
    await until(
      () => linesOf(child, 'waiting for the database').length,
      (count) => count > 0,
      20_000,
    );
    expect(child.running).toBe(true);
    await database.restart();
    await ready();
    expect(linesOf(child, 'the database is there')).toHaveLength(1);
    expect(linesOf(child, 'migrating')).toEqual([]);
    expect(await child.stop()).toMatchObject({ code: 0 });
  });

  it('with a gateway whose configuration is in the database, and of which it has no copy yet: it waits as they do', async () => {
    await database.kill();
    const [port, management] = [await freePort(), await freePort()];
    const gateway = new Child('gateway', built('apps/gateway/src/main.js'), {
      ...keys,
      LOG_LEVEL: 'info',
      CONFIGURATION_SOURCE: 'database',
      DATABASE_URL: database.url,
      DATA_DIR: join(folder, 'gateway'),
      GATEWAY_PORT: String(port),
      GATEWAY_MANAGEMENT_PORT: String(management),
    });
    children.push(gateway);
    await until(
      () => gateway.running && linesOf(gateway, 'waiting for the database').length,
      (count) => count !== 0,
      20_000,
    );
    expect(gateway.running).toBe(true);
    await database.restart();
    await gateway.ready(`http://127.0.0.1:${management}/ready`);
    expect(linesOf(gateway, 'the database is there')).toHaveLength(1);
    expect(await gateway.stop()).toMatchObject({ code: 0 });
  });
});
