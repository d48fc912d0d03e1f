import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from './free-port.js';
import { requireBinary } from './installed-binary.js';
import { ownServer } from './owned-server.js';
import type { TestServer } from './test-server.js';

/** A Redis server without persistence: after `restart` it is empty. `more` are further arguments of redis-server. */
export async function startRedis(...more: readonly string[]): Promise<TestServer> {
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-redis-'));
  const url = `redis://127.0.0.1:${port}`;
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    directory,
    ...more,
  ];

  return ownServer({ program: requireBinary('redis-server'), args, directory, probe: () => ping(port) }, url, port);
}

async function ping(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    socket.write('PING\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    if (!answer.toString().startsWith('+PONG')) throw new Error(`not ready: ${answer.toString()}`);
  } finally {
    socket.destroy();
  }
}
