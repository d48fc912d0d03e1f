import { once } from 'node:events';
import { createServer } from 'node:net';

import { freePort } from './free-port.js';

describe('freePort', () => {
  it('gives no port twice, and each can be listened on', async () => {
    const ports: number[] = [];
    for (let i = 0; i < 200; i++) ports.push(await freePort());
    expect(new Set(ports).size).toBe(200);
    const server = createServer().listen(ports[0], '127.0.0.1');
    await once(server, 'listening');
    server.close();
  });
});
