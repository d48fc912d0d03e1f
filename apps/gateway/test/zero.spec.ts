import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';

import { aGateway, everythingTo, type GatewayUnderTest } from './gateway.fixture.js';

const answer: RequestListener = (_, response) => response.end('ok');
const servers: Record<string, () => Server> = {
  http1: () => createServer(answer),
  http2: () => createHttp2Server(answer as never) as unknown as Server,
};

describe.each(Object.keys(servers))('to an instance that speaks %s', (protocol) => {
  let server: Server;
  let connections = 0;
  const sockets = new Set<Socket>();
  let gateway: GatewayUnderTest;

  beforeEach(async () => {
    connections = 0;
    server = (servers[protocol] as () => Server)();
    server.on('connection', (socket: Socket) => {
      connections++;
      sockets.add(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await gateway.stop();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const serveWith = async (options: object, limits: object = {}): Promise<void> => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    gateway = await aGateway({ ...everythingTo(url, { protocol, ...options }), limits });
  };
  const statuses = (count: number, init: RequestInit = {}): Promise<number[]> =>
    Promise.all(Array.from({ length: count }, async () => (await fetch(`${gateway.http}/a`, init)).status));

  it.each([
    { queue: 0 },
    { rest: '0s' },
    { retries: 0 },
    { retryBudget: 0 },
    { retryBackoff: '0s' },
    { slowStart: '0s' },
    { keepAlive: '0s' },
    { health: { outliers: { stalledAfter: '0s', maxEjected: 0 }, panicBelow: 0 } },
    { queue: 0, rest: '0s', retries: 0, retryBudget: 0, retryBackoff: '0s', keepAlive: '0s' },
  ])('a zero is what the description says, and no end of everything: %j', async (options) => {
    await serveWith(options);
    for (let n = 0; n < 3; n++) expect(await statuses(1)).toEqual([200]);
    expect(await statuses(4)).toEqual([200, 200, 200, 200]);
  });

  it('keepAlive: 0s is one request for each connection', async () => {
    await serveWith({ keepAlive: '0s' });
    for (let n = 0; n < 3; n++) await statuses(1);
    await statuses(3);
    expect(connections).toBe(6);
  });

  it('queue: 0 lets nobody wait where there is no room', async () => {
    server.removeAllListeners('request');
    const held: (() => void)[] = [];
    server.on('request', (_, response) => held.push(() => response.end('ok')));
    await serveWith({ queue: 0, connections: 1, clientShare: 100, keepAlive: '0s', retries: 0 });
    const first = statuses(1);
    while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await statuses(1)).toEqual([503]);
    held.forEach((end) => end());
    expect(await first).toEqual([200]);
  });

  it.each([{ bodyBytes: '0B' }])('%j lets no body pass, and everything else', async (limits) => {
    await serveWith({}, limits);
    expect(await statuses(1)).toEqual([200]);
    expect(await statuses(1, { method: 'POST' })).toEqual([200]);
    expect(await statuses(1, { method: 'POST', body: 'x' })).toEqual([413]);
  });
});
