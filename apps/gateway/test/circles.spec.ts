import { connect } from 'node:net';

import { aGateway, everythingTo, type GatewayUnderTest, sealKey } from './gateway.fixture.js';
import { ask, openHttp2 } from './http2-client.fixture.js';
import { request, sendRaw } from './raw-client.fixture.js';
import { anUpstream, aTcpUpstream, type Upstream } from './upstream.fixture.js';

const otherKey = Buffer.alloc(32, 9);

describe('Via', () => {
  let upstream: Upstream;
  let gateway: GatewayUnderTest;

  beforeAll(async () => {
    upstream = await anUpstream((_, response) => response.end('ok'));
    gateway = await aGateway(everythingTo(upstream.url));
  });
  afterAll(async () => {
    await gateway.stop();
    await upstream.close();
  });

  const seen = (): string => String(upstream.requests.at(-1)?.headersDistinct['via']);

  it('tells a service what the request has come through, and over which HTTP', async () => {
    await sendRaw(gateway.port, request('GET /a HTTP/1.1', 'Via: 1.0 first', 'Via: 1.1 second (of two)'));
    expect(seen()).toMatch(/^1\.0 first, 1\.1 second \(of two\), 1\.1 gatehouse-[0-9a-f]{8}$/);
    await sendRaw(gateway.port, request('GET /a HTTP/1.0', 'Connection: Via'));
    expect(seen()).toMatch(/^1\.0 gatehouse-[0-9a-f]{8}$/);
    const session = await openHttp2(gateway.http);
    await ask(session, { ':path': '/a', via: '2 first' });
    session.close();
    expect(seen()).toMatch(/^2 first, 2 gatehouse-[0-9a-f]{8}$/);
  });

  it('is the same behind every gateway of a deployment', async () => {
    const names = [];
    for (const key of [sealKey, sealKey, otherKey]) {
      const other = await aGateway(everythingTo(upstream.url), { sealKey: key });
      await sendRaw(other.port, request('GET /a HTTP/1.1'));
      await other.stop();
      names.push(seen());
    }
    expect(names[1]).toBe(names[0]);
    expect(names[2]).not.toBe(names[0]);
  });
});

describe('a route that leads to itself', () => {
  /** Passes every byte on to wherever it is told: the port of a gateway is known only when it runs. */
  let back: Upstream;
  let backTo = 0;
  let outer: GatewayUnderTest;
  let inner: GatewayUnderTest;
  let health: Upstream;

  beforeAll(async () => {
    back = await aTcpUpstream((socket) => {
      const other = connect(backTo, '127.0.0.1');
      other.on('error', () => socket.destroy());
      socket.pipe(other).pipe(socket);
    });
    health = await anUpstream((_, response) => response.end('ok'));
    inner = await aGateway(everythingTo(back.url), { sealKey: otherKey });
    outer = await aGateway({
      services: { inner: { instances: [{ url: inner.http }] } },
      routes: [
        { id: 'open', path: '/open/**', service: 'inner', access: { authenticated: false } },
        { id: 'secure', path: '/secure/**', service: 'inner' },
        { id: 'once', path: '/once', service: 'inner', rewrite: '/health', access: { authenticated: false } },
      ],
    });
    backTo = outer.port;
  });
  afterAll(async () => {
    await outer.stop();
    await inner.stop();
    await back.close();
    await health.close();
  });

  it('is found out when the request comes for the second time, through another gateway', async () => {
    const answer = await fetch(`${outer.http}/open/a`);
    expect(answer.status).toBe(508);
    expect(await answer.json()).toMatchObject({ code: 'ROUTE_LOOP' });
    const lines = outer.log.lines.filter(({ path }) => path === '/open/a');
    expect(lines.map(({ flag, route }) => ({ flag, route }))).toEqual([
      { flag: 'route_loop', route: 'open' },
      { flag: '', route: 'open' },
    ]);
    expect(inner.log.lines).toHaveLength(1);
  });

  it('is found out over HTTP/2 and for a WebSocket', async () => {
    const session = await openHttp2(outer.http);
    expect((await ask(session, { ':path': '/open/b' })).status).toBe(508);
    session.close();
    const upgrade = ['GET /open/c HTTP/1.1', 'Host: a', 'Connection: upgrade', 'Upgrade: websocket', '', ''].join(
      '\r\n',
    );
    expect(await sendRaw(outer.port, upgrade)).toMatch(/^HTTP\/1\.1 508 /);
  });

  it('is told before anybody is asked who they are', async () => {
    const name = /gatehouse-[0-9a-f]{8}/.exec(await viaOf(outer))?.[0];
    const answer = await sendRaw(outer.port, request('GET /secure/a HTTP/1.1', `Via: 1.1 ${name}`));
    expect(answer).toMatch(/^HTTP\/1\.1 508 /);
    expect(await sendRaw(outer.port, request('GET /secure/a HTTP/1.1'))).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('is none if the gateway itself answers in the end', async () => {
    expect((await fetch(`${outer.http}/once`)).status).toBe(200);
  });

  /** What a service behind such a gateway sees. */
  async function viaOf(gateway: GatewayUnderTest): Promise<string> {
    const same = await aGateway(everythingTo(health.url));
    await sendRaw(same.port, request('GET /x HTTP/1.1'));
    await same.stop();
    expect(gateway.port).not.toBe(same.port);
    return String(health.requests.at(-1)?.headers.via);
  }
});
