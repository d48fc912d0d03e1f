import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

import { slowDown } from './slow-down.js';

describe('a connection that was refused for overload', () => {
  let server: Server;
  let socket: Socket;
  /** When each request was handled. */
  let handledAt: number[];

  beforeEach(async () => {
    handledAt = [];
    server = createServer((request, response) => {
      handledAt.push(performance.now());
      if (request.url === '/refused') slowDown(response);
      response.end('ok');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
  });
  afterEach(() => {
    socket.destroy();
    server.close();
  });

  /** Sends the next request as soon as the last one is answered, as clients that never rest do. */
  const ask = async (...paths: string[]): Promise<void> => {
    for (const path of paths) {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: here\r\n\r\n`);
      await once(socket, 'data');
    }
  };

  it('is not read for a quarter of a second, and then again', async () => {
    await ask('/', '/refused', '/refused', '/', '/');
    const [, first, second, third, fourth] = handledAt as [number, number, number, number, number];
    expect(second - first).toBeGreaterThan(200);
    expect(third - second).toBeGreaterThan(200);
    expect(fourth).toBeGreaterThan(third);
    expect(socket.destroyed).toBe(false);
  });
});
