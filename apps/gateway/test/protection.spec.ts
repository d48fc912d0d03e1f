import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

import { aGateway, everythingTo, type GatewayUnderTest } from './gateway.fixture.js';
import { problemIn, request, sendRaw, statusOf } from './raw-client.fixture.js';
import { anUpstream, type Upstream } from './upstream.fixture.js';

let upstream: Upstream;
let gateway: GatewayUnderTest;
/** What the service has not answered yet. */
let held: ServerResponse[];

const start = async (configuration: object): Promise<void> => {
  held = [];
  upstream = await anUpstream((received, response) => {
    if (received.url === '/hold') held.push(response);
    else response.end('ok');
  });
  gateway = await aGateway({ ...everythingTo(upstream.url), ...configuration });
};

afterEach(async () => {
  for (const response of held) response.end();
  await gateway.stop();
  await upstream.close();
});

const open = async (): Promise<Socket> => {
  const socket = connect(gateway.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  await once(socket, 'connect');
  return socket;
};

/** Resolves with true when the gateway closes the connection, false when it still stands after a while. */
const isClosed = (socket: Socket, withinMs = 300): Promise<boolean> =>
  Promise.race([once(socket, 'close').then(() => true), setTimeout(withinMs, false, { ref: false })]);

const metric = async (name: string): Promise<string[]> => {
  const text = await (await fetch(`${gateway.management}/actuator/prometheus`)).text();
  return text.split('\n').filter((line) => line.startsWith(name));
};

describe('connections', () => {
  it('are closed when there are too many, and taken again when there are less', async () => {
    await start({ protection: { connections: 2 } });
    const [first, second] = [await open(), await open()];
    expect(await isClosed(await open())).toBe(true);
    expect(await isClosed(second)).toBe(false);
    expect(await metric('gateway_closed_connections_total')).toEqual([expect.stringMatching(/limit="all".* 1$/)]);

    first.destroy();
    await setTimeout(50);
    expect(statusOf(await sendRaw(gateway.port, request('GET / HTTP/1.1')))).toBe(200);
    second.destroy();
  });

  it('of one address are closed when there are too many', async () => {
    await start({ protection: { connectionsPerAddress: 1 } });
    const first = await open();
    expect(await isClosed(await open())).toBe(true);
    expect(await metric('gateway_closed_connections_total')).toEqual([expect.stringMatching(/limit="address".* 1$/)]);
    first.destroy();
  });

  it('of a trusted proxy are those of many clients', async () => {
    await start({ protection: { connectionsPerAddress: 1 }, trustedProxies: ['127.0.0.1'] });
    const sockets = [await open(), await open(), await open()];
    expect(await Promise.all(sockets.map(isClosed))).toEqual([false, false, false]);
    for (const socket of sockets) socket.destroy();
  });

  it('that send their headers too slowly are ended, however many there are', async () => {
    await start({ limits: { headersTimeout: '1s' } });
    const slow = await Promise.all(Array.from({ length: 50 }, open));
    for (const socket of slow) socket.write('GET / HTTP/1.1\r\nHost: a\r\n');
    const drip = setInterval(() => slow.forEach((socket) => socket.write('X-A: b\r\n')), 200);
    const ended = await Promise.all(slow.map((socket) => isClosed(socket, 5_000)));
    clearInterval(drip);
    expect(ended.every(Boolean)).toBe(true);
  }, 10_000);
});

describe('one address', () => {
  const runningRequests = async (): Promise<number> =>
    Number((await metric('gateway_requests_running'))[0]?.split(' ').at(-1) ?? 0);
  const ask = async (path: string, localAddress: string): Promise<IncomingMessage> => {
    const asking = httpRequest({ host: '127.0.0.1', port: gateway.port, path, localAddress, agent: false }).end();
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    return answer.resume();
  };

  it('has a share of the connections to an instance and waits in a row of its own, so that others get through', async () => {
    await start({});
    await gateway.stop();
    gateway = await aGateway(
      everythingTo(upstream.url, { connections: 4, queue: 4, timeouts: { connect: '10s' }, retries: 0 }),
    );
    const hanging = Array.from({ length: 4 }, () => ask('/hold', '127.0.0.2'));
    while (held.length < 2 || (await runningRequests()) < 4) await setTimeout(5);
    const refused = await ask('/hold', '127.0.0.2');
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '1']);
    expect((await ask('/', '127.0.0.3')).statusCode).toBe(200);
    expect(held).toHaveLength(2);

    // Those that wait get their turn when the first have ended.
    for (const response of held.splice(0)) response.end();
    while (held.length < 2) await setTimeout(5);
    for (const response of held.splice(0)) response.end();
    expect((await Promise.all(hanging)).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
  });

  it('is told when it has waited long enough', async () => {
    await start({});
    await gateway.stop();
    gateway = await aGateway(everythingTo(upstream.url, { connections: 2, timeouts: { connect: '100ms' } }));
    const hanging = ask('/hold', '127.0.0.2');
    while (held.length < 1) await setTimeout(5);
    expect((await ask('/hold', '127.0.0.2')).statusCode).toBe(429);
    for (const response of held.splice(0)) response.end();
    expect((await hanging).statusCode).toBe(200);
  });
});

describe('requests at once', () => {
  it('are refused with 503 and Retry-After when there are too many; health and management are not', async () => {
    await start({ protection: { requests: 2 } });
    const hanging = [1, 2].map(() => sendRaw(gateway.port, request('GET /hold HTTP/1.1')));
    while (held.length < 2) await setTimeout(5);

    const line = gateway.log.next();
    const refused = await sendRaw(gateway.port, request('GET /more HTTP/1.1'));
    expect(statusOf(refused)).toBe(503);
    expect(refused).toMatch(/retry-after: 1/i);
    expect(problemIn(refused).code).toBe('SERVICE_OVERLOADED');
    expect(await line).toMatchObject({ route: 'all', path: '/more', status: 503, flag: 'overloaded' });

    for (const path of ['/health', '/ready']) {
      expect(statusOf(await sendRaw(gateway.port, request(`GET ${path} HTTP/1.1`)))).toBe(200);
      expect((await fetch(`${gateway.management}${path}`)).status).toBe(200);
    }

    for (const response of held) response.end();
    await Promise.all(hanging);
    expect(statusOf(await sendRaw(gateway.port, request('GET /again HTTP/1.1')))).toBe(200);
  });

  it('free their place when the client goes away', async () => {
    await start({ protection: { requests: 1 } });
    const client = await open();
    client.write(request('GET /hold HTTP/1.1'));
    while (held.length < 1) await setTimeout(5);
    client.destroy();
    await setTimeout(50);
    expect(statusOf(await sendRaw(gateway.port, request('GET / HTTP/1.1')))).toBe(200);
  });

  it('are refused again on the same connection when they ask again at once', async () => {
    await start({ protection: { requests: 1 } });
    const hanging = sendRaw(gateway.port, request('GET /hold HTTP/1.1'));
    while (held.length < 1) await setTimeout(5);

    const eager = await open();
    const ask = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
    let answers = 0;
    eager.on('data', (chunk: Buffer) => {
      const count = chunk.toString().match(/HTTP\/1\.1 503/g)?.length ?? 0;
      answers += count;
      if (count > 0) eager.write(ask);
    });
    eager.write(ask);
    while (answers < 3) await setTimeout(5);
    eager.destroy();
    for (const response of held) response.end();
    await hanging;
  });
});
