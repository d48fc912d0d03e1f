import { createServer, type AddressInfo } from 'node:net';

import { aGateway, everythingTo, type GatewayUnderTest } from './gateway.fixture.js';
import { anUpstream, aTcpUpstream, readAll, type Upstream } from './upstream.fixture.js';

const open: { stop?: () => Promise<void>; close?: () => Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await (one.stop?.() ?? one.close?.());
});

async function kept<T extends (typeof open)[number]>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  open.push(started);
  return started;
}

const gatewayTo = (urls: string[], service: object = {}): Promise<GatewayUnderTest> =>
  kept(aGateway(everythingTo('http://127.0.0.1:1', { instances: urls.map((url) => ({ url })), ...service })));

async function nobody(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

const speaks = (text: string, andCloses = false): Promise<Upstream> =>
  kept(aTcpUpstream((socket) => socket.once('data', () => (andCloses ? socket.end(text) : socket.write(text)))));

const timeouts = { timeouts: { headers: '200ms', idle: '200ms' } };

describe('an instance that fails', () => {
  it.each([
    {
      how: 'closes without an answer',
      status: 502,
      flag: 'upstream_reset',
      start: () => kept(aTcpUpstream((socket) => socket.once('data', () => socket.end()))),
    },
    {
      how: 'resets',
      status: 502,
      flag: 'upstream_reset',
      start: () => kept(aTcpUpstream((socket) => socket.once('data', () => socket.resetAndDestroy()))),
    },
    { how: 'answers garbage', status: 502, flag: 'upstream_malformed', start: () => speaks('garbage\r\n\r\n') },
    {
      how: 'answers two lengths',
      status: 502,
      flag: 'upstream_malformed',
      start: () => speaks('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na'),
    },
    {
      how: 'answers a header with control characters',
      status: 502,
      flag: 'upstream_malformed',
      start: () => speaks('HTTP/1.1 200 OK\r\nX-A: a\u0001b\r\nContent-Length: 0\r\n\r\n'),
    },
    {
      how: 'changes to another protocol',
      status: 502,
      flag: 'upstream_malformed',
      start: () => speaks('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
    },
    {
      how: 'says nothing',
      status: 504,
      flag: 'upstream_header_timeout',
      start: () => kept(aTcpUpstream(() => undefined)),
    },
  ])('and $how is answered for in time', async ({ start, status, flag }) => {
    const upstream = await start();
    const gateway = await gatewayTo([upstream.url], { ...timeouts, retries: 0 });
    const line = gateway.log.next();
    const response = await fetch(`${gateway.http}/a`);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await line).toMatchObject({ status, flag, instance: upstream.url });
  });

  it('and says less than its length is answered for, as if it had said nothing', async () => {
    const upstream = await speaks('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', true);
    const gateway = await gatewayTo([upstream.url], { ...timeouts, retries: 0 });
    const line = gateway.log.next();
    const response = await fetch(`${gateway.http}/a`);
    expect([response.status, await response.text()]).toEqual([502, expect.not.stringContaining('half')]);
    expect(await line).toMatchObject({ status: 502, flag: 'upstream_reset' });
  });

  it('and stops in the middle of a short answer ends the connection: what it said was passed on by then', async () => {
    const upstream = await speaks('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', false);
    const gateway = await gatewayTo([upstream.url], { ...timeouts, retries: 0 });
    const line = gateway.log.next();
    const response = await fetch(`${gateway.http}/a`);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
    expect(await line).toMatchObject({ status: 200, flag: 'upstream_idle_timeout' });
  });

  it.each([
    {
      how: 'stops in the middle of a long answer',
      flag: 'upstream_idle_timeout',
      text: 'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nhalf',
      andCloses: false,
    },
    {
      how: 'closes in the middle of a long answer',
      flag: 'upstream_reset',
      text: 'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nhalf',
      andCloses: true,
    },
    {
      how: 'closes between its chunks',
      flag: 'upstream_reset',
      text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n',
      andCloses: true,
    },
    {
      how: 'breaks its chunks',
      flag: 'upstream_malformed',
      text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n',
      andCloses: false,
    },
  ])('and $how does not look like one that finished', async ({ text, andCloses, flag }) => {
    const upstream = await speaks(text, andCloses);
    const gateway = await gatewayTo([upstream.url], timeouts);
    const line = gateway.log.next();
    const whole = fetch(`${gateway.http}/a`).then((response) => response.text());
    await expect(whole).rejects.toThrow();
    expect(await line).toMatchObject({ flag });
  });

  it('and takes too long altogether is not waited for, however steadily it goes on', async () => {
    const upstream = await kept(
      anUpstream((_, response) => {
        const dripping = setInterval(() => response.write('x'), 20);
        response.once('close', () => clearInterval(dripping));
      }),
    );
    const gateway = await gatewayTo([upstream.url], { timeouts: { total: '300ms' } });
    const line = gateway.log.next();
    await expect(fetch(`${gateway.http}/a`).then((response) => response.text())).rejects.toThrow();
    expect(await line).toMatchObject({ flag: 'upstream_total_timeout' });
  });

  it('and is not there gives 503 and when to come again', async () => {
    const gateway = await gatewayTo([await nobody()]);
    const line = gateway.log.next();
    const response = await fetch(`${gateway.http}/a`);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await line).toMatchObject({ status: 503, flag: 'upstream_unreachable' });
    const next = gateway.log.next();
    await fetch(`${gateway.http}/a`);
    expect(await next).toMatchObject({ status: 503, flag: 'no_instance' });
  });

  it('and is not there costs no request while another is', async () => {
    const upstream = await kept(anUpstream(async (received, response) => response.end(await readAll(received))));
    const gateway = await gatewayTo([await nobody(), upstream.url]);
    for (const body of ['a', 'b', 'c', 'd']) {
      const response = await fetch(`${gateway.http}/x`, { method: 'POST', body });
      expect(await response.text()).toBe(body);
    }
    expect(upstream.requests).toHaveLength(4);
  });

  it('after it was sent something is asked again only what may happen twice', async () => {
    let posts = 0;
    const counting = await kept(
      aTcpUpstream((socket) =>
        socket.once('data', (data) => {
          if (data.toString().startsWith('POST')) posts++;
          socket.destroy();
        }),
      ),
    );
    const good = await kept(anUpstream((_, response) => response.end('ok')));
    const gateway = await gatewayTo([counting.url, good.url]);
    const gets = await Promise.all([1, 2, 3, 4].map(() => fetch(`${gateway.http}/x`)));
    expect(gets.map(({ status }) => status)).toEqual([200, 200, 200, 200]);

    good.requests.length = 0;
    const statuses = await Promise.all(
      [1, 2, 3, 4].map(async (n) => (await fetch(`${gateway.http}/x`, { method: 'POST', body: `${n}` })).status),
    );
    expect(posts + good.requests.length).toBe(4);
    expect(statuses.filter((status) => status === 502)).toHaveLength(posts);
  });
});
