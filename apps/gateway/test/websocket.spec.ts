import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request as httpRequest } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';

import { deriveSealKey, openSeal } from '@libs/trusted-headers';

import { aGateway, type GatewayUnderTest, sealKey } from './gateway.fixture.js';
import { request, sendRaw, statusOf } from './raw-client.fixture.js';

const acceptFor = (key: string): string =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

let seen: IncomingMessage[] = [];
let upgrades = 0;
let gateway: GatewayUnderTest;
const upstreamSockets = new Set<Socket>();

/** Repeats what it is told once the protocol has changed; what is in the frames is nobody's business here. */
const upstream = createServer((incoming, response) => {
  seen.push(incoming);
  response.end('plain');
});
upstream.on('upgrade', (incoming: IncomingMessage, socket: Socket, ahead: Buffer) => {
  seen.push(incoming);
  upgrades++;
  upstreamSockets.add(socket);
  socket.on('error', () => undefined);
  if (incoming.url === '/refused') return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno');
  if (incoming.url === '/other') {
    return void socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n');
  }
  socket.write(
    [
      'HTTP/1.1 101 Switching Protocols',
      'Connection: Upgrade',
      'Upgrade: websocket',
      `Sec-WebSocket-Accept: ${acceptFor(incoming.headers['sec-websocket-key'] ?? '')}`,
      'X-User-Id: forged',
      '',
      'hello ',
    ].join('\r\n'),
  );
  socket.write(ahead);
  socket.pipe(socket);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const { port } = upstream.address() as AddressInfo;
  gateway = await aGateway({
    services: {
      echo: { instances: [{ url: `http://127.0.0.1:${port}` }] },
      brief: { instances: [{ url: `http://127.0.0.1:${port}` }], timeouts: { quiet: '500ms' } },
      modern: { instances: [{ url: `http://127.0.0.1:${port}` }], protocol: 'http2' },
    },
    routes: [
      { id: 'private', path: '/private', service: 'echo' },
      { id: 'brief', path: '/brief', service: 'brief', access: { authenticated: false } },
      { id: 'modern', path: '/modern', service: 'modern', access: { authenticated: false } },
      { id: 'all', path: '/**', service: 'echo', access: { authenticated: false } },
    ],
  });
});

afterAll(async () => {
  await gateway.stop();
  for (const socket of upstreamSockets) socket.destroy();
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
});

beforeEach(() => {
  seen = [];
  upgrades = 0;
});

const key = randomBytes(16).toString('base64');
const handshake = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': key,
  'x-user-id': 'forged',
};

async function open(path: string): Promise<{ answer: IncomingMessage; socket: Socket; first: string }> {
  const asking = httpRequest(`${gateway.http}${path}`, { headers: handshake }).end();
  const [answer, socket, ahead] = (await once(asking, 'upgrade')) as [IncomingMessage, Socket, Buffer];
  socket.on('error', () => undefined);
  let first = ahead.toString();
  while (first.length < 6) first += String((await once(socket, 'data'))[0]);
  return { answer, socket, first };
}

async function say(socket: Socket, words: string): Promise<string> {
  let heard = '';
  const all = new Promise<void>((resolve) => {
    const listen = (chunk: Buffer): void => {
      heard += chunk.toString('latin1');
      if (heard.length < words.length) return;
      socket.off('data', listen);
      resolve();
    };
    socket.on('data', listen);
  });
  socket.write(words);
  await all;
  return heard;
}

describe('a WebSocket', () => {
  it('goes through, with the identity sealed and what the client forged left out', async () => {
    const { answer, socket, first } = await open('/chat?room=1');
    expect([answer.statusCode, first]).toEqual([101, 'hello ']);
    expect(answer.headers).toMatchObject({ upgrade: 'websocket', 'sec-websocket-accept': acceptFor(key) });
    expect(answer.headers).not.toHaveProperty('x-user-id');
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);

    const [incoming] = seen;
    const { identity } = openSeal({
      headers: incoming?.headers ?? {},
      method: 'GET',
      path: '/chat',
      key: deriveSealKey(sealKey, 'echo'),
      now: Date.now(),
    });
    expect([incoming?.url, identity.userId, identity.authMethod]).toEqual(['/chat?room=1', '', 'none']);

    for (const words of ['one', 'x'.repeat(1_000_000), 'two']) expect(await say(socket, words)).toBe(words);
    socket.end();
    await once(socket, 'close');
    expect(await gateway.log.of(answer.headers['x-request-id'])).toMatchObject({
      status: 101,
      flag: '',
      path: '/chat',
      bytes_in: 1_000_006,
      bytes_out: 1_000_012,
    });
  });

  it('is refused exactly like a request', async () => {
    const asking = httpRequest(`${gateway.http}/private`, { headers: handshake }).end();
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([401, 'application/problem+json']);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(await gateway.log.of(answer.headers['x-request-id'])).toMatchObject({
      status: 401,
      flag: 'credentials_missing',
      route: 'private',
    });
    expect(seen).toHaveLength(0);
  });

  it.each([
    { path: '/internal/chat', status: 404 },
    { path: '/a%2f..%2finternal', status: 400 },
  ])('is not granted at $path', async ({ path, status }) => {
    const asking = httpRequest(`${gateway.http}${path}`, { headers: handshake }).end();
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    expect([answer.statusCode, seen.length]).toEqual([status, 0]);
  });

  it('that the instance refuses is an answer like any other', async () => {
    const asking = httpRequest(`${gateway.http}/refused`, { headers: handshake }).end();
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(403);
  });

  it('is what the client gets, or nothing: no other protocol is let through', async () => {
    const asking = httpRequest(`${gateway.http}/other`, { headers: handshake }).end();
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(502);
  });

  it.each([
    { what: 'another protocol', headers: ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: x'] },
    {
      what: 'a body before it',
      headers: ['Connection: Upgrade', 'Upgrade: websocket', 'Content-Length: 3'],
      body: 'abc',
    },
  ])('is not begun by a request for $what, which is served as if it had not asked', async ({ headers, body = '' }) => {
    const answer = await sendRaw(
      gateway.port,
      `GET /x HTTP/1.1\r\nHost: a\r\n${headers.join('\r\n')}\r\n\r\n${body}`,
      'GET /y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(seen.map(({ url }) => url)).toEqual(['/x']);
    expect(upgrades).toBe(0);
    for (const { headers: arrived } of seen) expect(arrived).not.toHaveProperty('upgrade');
  });

  it('of a method that is not GET is not begun', async () => {
    const answer = await sendRaw(
      gateway.port,
      request('POST /x HTTP/1.1', 'Upgrade: websocket', 'Content-Length: 0').replace('close', 'close, upgrade'),
    );
    expect([statusOf(answer), upgrades]).toEqual([200, 0]);
  });

  it('ends on both sides when the client is gone', async () => {
    const { socket } = await open('/chat');
    const [other] = [...upstreamSockets].slice(-1);
    const closed = once(other as Socket, 'close');
    socket.destroy();
    await closed;
  });

  it('ends on both sides when the instance is gone, after what it said last', async () => {
    const { socket } = await open('/chat');
    const [other] = [...upstreamSockets].slice(-1);
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    other?.end('goodbye');
    await once(socket, 'close');
    expect(heard).toBe('goodbye');
  });

  it('on which nobody says anything ends', async () => {
    const { answer, socket } = await open('/brief');
    socket.resume();
    await once(socket, 'close');
    expect(await gateway.log.of(answer.headers['x-request-id'])).toMatchObject({
      status: 101,
      flag: 'upstream_idle_timeout',
    });
  });

  it('begins with HTTP/1.1 whatever else the service speaks', async () => {
    const { answer, socket } = await open('/modern');
    expect(answer.statusCode).toBe(101);
    expect(await say(socket, 'abc')).toBe('abc');
    socket.destroy();
  });

  it('on a stream of HTTP/2 is the same to the instance', async () => {
    const session = connectHttp2(gateway.http);
    await once(session, 'remoteSettings');
    expect(session.remoteSettings.enableConnectProtocol).toBe(true);
    const stream = session.request({
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':path': '/chat?room=2',
      'sec-websocket-version': '13',
    });
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    expect(headers[':status']).toBe(200);
    let heard = '';
    stream.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    stream.write('and you');
    while (heard.length < 13) await once(stream, 'data');
    expect(heard).toBe('hello and you');
    const [incoming] = seen;
    expect([incoming?.method, incoming?.url, incoming?.headers.upgrade]).toEqual(['GET', '/chat?room=2', 'websocket']);
    stream.end();
    await once(stream, 'close');
    session.close();
    expect(await gateway.log.of(headers['x-request-id'])).toMatchObject({
      status: 200,
      method: 'GET',
      path: '/chat',
      flag: '',
    });
  });

  it('on a stream of HTTP/2 is refused exactly like a request', async () => {
    const session = connectHttp2(gateway.http);
    await once(session, 'remoteSettings');
    const stream = session.request({ ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/private' });
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    expect([headers[':status'], seen.length]).toEqual([401, 0]);
    session.destroy();
  });
});
