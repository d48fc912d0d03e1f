import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { createConnection } from 'mysql2/promise';

import { freePort } from './free-port.js';
import { requireBinary } from './installed-binary.js';
import { ownServer } from './owned-server.js';
import type { TestServer } from './test-server.js';

const run = promisify(execFile);

/** The server refuses to run as root unless it is told so. */
const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];

/**
 * A MariaDB server with root and no password, on the loopback address only. Small and quick to start, but
 * every commit reaches the disk: tests that kill it rely on that.
 */
export async function startMariaDb(): Promise<TestServer> {
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-mariadb-'));
  const dataDir = join(directory, 'data');
  // A tmpdir of its own: servers that share one take each other's temporary tables away.
  const small = ['--innodb-log-file-size=16M', '--innodb-buffer-pool-size=64M', `--tmpdir=${directory}`];
  await run(requireBinary('mariadb-install-db'), [
    '--no-defaults',
    `--datadir=${dataDir}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...asRoot,
    ...small,
  ]);
  const args = [
    '--no-defaults',
    `--datadir=${dataDir}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${join(directory, 's')}`,
    `--pid-file=${join(directory, 'pid')}`,
    '--skip-log-bin',
    '--max-connections=500',
    '--innodb-flush-log-at-trx-commit=1',
    ...asRoot,
    ...small,
  ];

  return ownServer(
    { program: requireBinary('mariadbd'), args, directory, probe: () => createSchema(port) },
    `mysql://root@127.0.0.1:${port}/gatehouse`,
    port,
  );
}

async function createSchema(port: number): Promise<void> {
  const connection = await createConnection({ host: '127.0.0.1', port, user: 'root' });
  try {
    await connection.query('CREATE DATABASE IF NOT EXISTS gatehouse CHARACTER SET utf8mb4');
  } finally {
    connection.destroy();
  }
}
