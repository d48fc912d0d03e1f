import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';

import { until } from '@libs/testing';

import { aGateway, everythingTo, type GatewayUnderTest } from './gateway.fixture.js';
import { ask, openHttp2 } from './http2-client.fixture.js';
import { request, sendRaw, statusOf } from './raw-client.fixture.js';
import { anUpstream, aTcpUpstream, type Upstream } from './upstream.fixture.js';

let upstream: Upstream;
let gateway: GatewayUnderTest;

beforeAll(async () => {
  upstream = await anUpstream((incoming, response) => {
    incoming.resume();
    incoming.on('end', () => response.end('ok'));
  });
  gateway = await aGateway({ ...everythingTo(upstream.url), trustedProxies: ['127.0.0.1'] });
});
afterAll(async () => {
  await gateway.stop();
  await upstream.close();
});

type Lines = readonly (readonly [name: string, value: string])[];

/** The same fields in HTTP/1.1 and in HTTP/2. */
const protocols = {
  'HTTP/1.1': async (lines: Lines): Promise<IncomingMessage> => {
    const fields = lines.map(([name, value]) => `${name}: ${value}`);
    expect(statusOf(await sendRaw(gateway.port, request('GET /a HTTP/1.1', ...fields)))).toBe(200);
    return upstream.requests.at(-1) as IncomingMessage;
  },
  'HTTP/2': async (lines: Lines): Promise<IncomingMessage> => {
    const fields: Record<string, string[]> = {};
    for (const [name, value] of lines) (fields[name.toLowerCase()] ??= []).push(value);
    const session = await openHttp2(gateway.http);
    expect(await ask(session, { ':path': '/a', ...fields })).toMatchObject({ status: 200 });
    session.close();
    return upstream.requests.at(-1) as IncomingMessage;
  },
};

describe.each(Object.entries(protocols))('what a trusted proxy says over %s', (_, seenAfter) => {
  it.each([
    { what: 'in one line', lines: [['X-Forwarded-For', '6.6.6.6, 192.0.2.7, 127.0.0.1'], ['X-Forwarded-Proto', 'http, https, http']] }, // prettier-ignore
    { what: 'in several lines', lines: [['X-Forwarded-For', '6.6.6.6'], ['X-Forwarded-For', '192.0.2.7:4711'], ['X-Forwarded-For', '127.0.0.1'], ['X-Forwarded-Proto', 'HTTPS'], ['X-Forwarded-Proto', 'http']] }, // prettier-ignore
    { what: 'with quotes, blanks and empty members', lines: [['X-Forwarded-For', ',"192.0.2.7" ,, "127.0.0.1:80",'], ['X-Forwarded-Proto', ',"WSS" , , http,']] }, // prettier-ignore
  ] as const)('is read $what', async ({ lines }) => {
    const { headers } = await seenAfter(lines);
    expect(headers).toMatchObject({ 'x-forwarded-for': '192.0.2.7', 'x-forwarded-proto': 'https' });
    expect(headers['forwarded']).toMatch(/^for=192\.0\.2\.7;host=.*;proto=https$/);
  });
});

describe('an expectation', () => {
  const post = (version: string, ...lines: string[]): string =>
    `POST /a HTTP/${version}\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n${lines.join('\r\n')}\r\n\r\nx`;

  it.each([['100-Continue'], ['100-continue, 100-continue'], [', 100-continue ,']])(
    'is a list: "%s"',
    async (expectation) => {
      const answer = await sendRaw(gateway.port, post('1.1', `Expect: ${expectation}`));
      expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
    },
  );

  it('may come in several lines', async () => {
    const answer = await sendRaw(gateway.port, post('1.1', 'Expect: 100-continue', 'Expect: 100-continue'));
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  });

  it.each(['magic', '100-continue, magic', '100-continued'])('that nobody can meet is refused: "%s"', async (text) => {
    expect(statusOf(await sendRaw(gateway.port, post('1.1', `Expect: ${text}`)))).toBe(400);
    const session = await openHttp2(gateway.http);
    const answer = await ask(session, { ':path': '/a', ':method': 'POST', expect: text }, 'x');
    session.close();
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'REQUEST_HEADER_INVALID' });
  });

  it.each(['100-continue', 'magic'])('means nothing in HTTP/1.0: "%s"', async (text) => {
    expect(await sendRaw(gateway.port, post('1.0', `Expect: ${text}`))).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('a connection that is to become a WebSocket', () => {
  it.each([
    { asked: 'websocket', granted: 'upgrade' },
    { asked: 'h2c, WebSocket', granted: 'Keep-Alive, Upgrade' },
    { asked: 'websocket,', granted: 'upgrade,' },
  ])('is asked for as "$asked" and granted as "$granted"', async ({ asked, granted }) => {
    const instance = await aTcpUpstream((socket) => {
      socket.once('data', () =>
        socket.write(`HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: ${granted}\r\n\r\n`),
      );
    });
    const own = await aGateway(everythingTo(instance.url));
    let heard = '';
    const socket = connect(own.port, '127.0.0.1').setEncoding('latin1');
    socket.on('data', (text: string) => (heard += text));
    socket.write(`GET /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: ${asked}\r\n\r\n`);
    await until(
      () => heard,
      (text) => text.includes('\r\n\r\n'),
    );
    expect(heard).toMatch(/^HTTP\/1\.1 101 /);
    socket.destroy();
    await own.stop();
    await instance.close();
  });
});
