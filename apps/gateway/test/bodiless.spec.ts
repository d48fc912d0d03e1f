import { createServer } from 'node:http2';
import { type AddressInfo, connect, type Socket } from 'node:net';

import { until } from '@libs/testing';

import { aGateway, type GatewayUnderTest } from './gateway.fixture.js';
import { type Http2Answer, ask, openHttp2 } from './http2-client.fixture.js';
import { aTcpUpstream, type Upstream } from './upstream.fixture.js';

const trusting = { breaker: { consecutiveFailures: 0 }, health: { outliers: { consecutiveFailures: 0 } } };
const open = { authenticated: false };
const body = 'stray';
const chunks = `5\r\n${body}\r\n0\r\n\r\n`;

/** What an instance of HTTP/1.1 says, and what of it reaches a client. */
const answers: Record<string, { method: string; says: string; status: number; length?: string }> = {
  '204': { method: 'GET', says: '204 A', status: 204 },
  '204 of length 0': { method: 'GET', says: '204 A\r\nContent-Length: 0', status: 204 },
  '204 with a body': { method: 'GET', says: `204 A\r\nContent-Length: 5\r\n\r\n${body}`, status: 204 },
  '204 in chunks': { method: 'GET', says: `204 A\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`, status: 204 },
  '204 to DELETE, with a length': { method: 'DELETE', says: '204 A\r\nContent-Length: 5', status: 204 },
  '204 to HEAD': { method: 'HEAD', says: '204 A\r\nContent-Length: 5', status: 204 },
  '205 of length 0': { method: 'GET', says: '205 A\r\nContent-Length: 0', status: 205, length: '0' },
  '205 with a body': { method: 'GET', says: `205 A\r\nContent-Length: 5\r\n\r\n${body}`, status: 205, length: '0' },
  '205 in chunks': {
    method: 'GET',
    says: `205 A\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`,
    status: 205,
    length: '0',
  },
  '205 without a length': { method: 'GET', says: `205 A\r\n\r\n${body}`, status: 205, length: '0' },
  '304': { method: 'GET', says: '304 A', status: 304 },
  '304 with a length': { method: 'GET', says: '304 A\r\nContent-Length: 5', status: 304, length: '5' },
  '304 with a body': { method: 'GET', says: `304 A\r\nContent-Length: 5\r\n\r\n${body}`, status: 304, length: '5' },
  '304 in chunks': { method: 'GET', says: '304 A\r\nTransfer-Encoding: chunked', status: 304 },
  'HEAD with a length': { method: 'HEAD', says: '200 A\r\nContent-Length: 5', status: 200, length: '5' },
  'HEAD without a length': { method: 'HEAD', says: '200 A', status: 200 },
  'HEAD in chunks': { method: 'HEAD', says: '200 A\r\nTransfer-Encoding: chunked', status: 200 },
  'HEAD with a body': { method: 'HEAD', says: `200 A\r\nContent-Length: 5\r\n\r\n${body}`, status: 200, length: '5' },
  'HEAD that is 404': { method: 'HEAD', says: '404 A\r\nContent-Length: 5', status: 404, length: '5' },
  'HEAD that is 304': { method: 'HEAD', says: '304 A\r\nContent-Length: 5', status: 304, length: '5' },
  '103 with a length before 204': {
    method: 'GET',
    says: '103 A\r\nContent-Length: 5\r\nLink: </a>; rel=preload\r\n\r\nHTTP/1.1 204 A',
    status: 204,
  },
  '102 with a length before 204': {
    method: 'GET',
    says: '102 A\r\nContent-Length: 5\r\n\r\nHTTP/1.1 204 A',
    status: 204,
  },
};

/** Answers of the gateway itself. */
const own: Record<string, { method: string; path: string; status: number; length?: RegExp; fields?: object }> = {
  'a refusal of a path': { method: 'HEAD', path: '/nowhere', status: 404, length: /^\d{3}$/ },
  'a refusal of a caller': { method: 'HEAD', path: '/secure', status: 401, length: /^\d{3}$/ },
  'a refusal of a method': { method: 'HEAD', path: '/post', status: 405, length: /^\d{3}$/ },
  'a refusal of a header': { method: 'HEAD', path: '/secure', status: 400, length: /^\d{3}$/, fields: { expect: 'magic' } }, // prettier-ignore
  'a failure of the instance': { method: 'HEAD', path: '/down', status: 503, length: /^\d{3}$/ },
  'a fixed answer': { method: 'HEAD', path: '/fixed', status: 200, length: /^5$/ },
  'a fixed answer 204': { method: 'GET', path: '/fixed-204', status: 204 },
  'a fixed answer 204 to HEAD': { method: 'HEAD', path: '/fixed-204', status: 204 },
  'a fixed answer 205': { method: 'GET', path: '/fixed-205', status: 205, length: /^0$/ },
  'a fixed answer 304': { method: 'GET', path: '/fixed-304', status: 304 },
  'a redirect': { method: 'HEAD', path: '/elsewhere', status: 307, length: /^0$/ },
  'what it answers at an address of its own': { method: 'HEAD', path: '/health', status: 200, length: /^\d+$/ },
  'what may be asked of all of it': { method: 'OPTIONS', path: '*', status: 204 },
  'what may be asked': { method: 'OPTIONS', path: '/post', status: 204 },
  'what another origin may ask': { method: 'OPTIONS', path: '/shared', status: 204, fields: { origin: 'https://a.example', 'access-control-request-method': 'GET' } }, // prettier-ignore
};

let http1: Upstream;
let http2: Upstream;
let gateway: GatewayUnderTest;

beforeAll(async () => {
  http1 = await aTcpUpstream((socket) => {
    socket.setEncoding('latin1').on('data', (text: string) => {
      const [, target = ''] = /^\w+ (\S+) /.exec(text) ?? [];
      const name = decodeURIComponent(target.slice('/http1/'.length));
      const says = answers[name]?.says;
      if (says === undefined) return void socket.write(`HTTP/1.1 200 A\r\nContent-Length: 4\r\n\r\ngood`);
      socket.write(`HTTP/1.1 ${says}${says.includes('\r\n\r\n') && !says.includes('HTTP/1.1') ? '' : '\r\n\r\n'}`);
      if (name.endsWith('without a length') && name.startsWith('205')) socket.end();
    });
  });
  const server = createServer((request, response) => {
    if (request.url === '/http2/good') return void response.end('good');
    const [status, length] = decodeURIComponent(request.url.slice('/http2/'.length)).split(' ');
    const fields = length === '-' ? {} : { 'content-length': length };
    response.stream.respond({ ':status': Number(status), ...fields }, { endStream: true });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  http2 = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  gateway = await aGateway({
    services: {
      http1: { instances: [{ url: http1.url }], ...trusting },
      http2: { instances: [{ url: http2.url }], protocol: 'http2', ...trusting },
      down: { instances: [{ url: 'http://127.0.0.1:1' }], ...trusting },
    },
    routes: [
      { id: 'http1', path: '/http1/**', service: 'http1', access: open },
      { id: 'http2', path: '/http2/**', service: 'http2', access: open },
      { id: 'down', path: '/down', service: 'down', access: open },
      { id: 'secure', path: '/secure', service: 'http1' },
      { id: 'post', path: '/post', methods: ['POST'], service: 'http1', access: open },
      { id: 'shared', path: '/shared', service: 'http1', access: open, cors: { origins: ['*'] } },
      { id: 'elsewhere', path: '/elsewhere', redirect: { to: '/http1/good' }, access: open },
      { id: 'fixed', path: '/fixed', answer: { body }, access: open },
      ...[204, 205, 304].map((status) => ({ id: `s${status}`, path: `/fixed-${status}`, answer: { status }, access: open })), // prettier-ignore
    ],
  });
});
afterAll(async () => {
  await gateway.stop();
  await http1.close();
  await http2.close();
});

interface Heard {
  readonly status: number;
  readonly length: string | undefined;
  readonly coding: string | undefined;
}

/** Asks, and on the same connection for something good: whatever stands before that answer is the one to the first. */
async function askHttp1(method: string, path: string, fields: object = {}): Promise<Heard> {
  let heard = '';
  const socket = connect(gateway.port, '127.0.0.1').setEncoding('latin1');
  socket.on('data', (text: string) => (heard += text));
  let isOver = false;
  socket.on('close', () => (isOver = true));
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: a\r\n${lines.join('')}\r\n`);
  const isWhole = (): boolean => /(?:^|\r\n\r\n)HTTP\/1\.1 (?!1\d\d).*\r\n(?:.+\r\n)*\r\n/.test(heard);
  await until(isWhole, (is) => is);
  socket.write('GET /http1/good HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  await until(
    () => isOver,
    (is) => is,
  );
  const [first = '', ...others] = heard.replace(/^HTTP\/1\.1 1\d\d .*\r\n(?:.+\r\n)*\r\n/, '').split('\r\n\r\n');
  expect(others).toHaveLength(2);
  expect(others[0]).toMatch(/^HTTP\/1\.1 200 /);
  expect(others[1]).toBe('good');
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(first)?.[1]),
    length: /^content-length: *(.*)$/im.exec(first)?.[1],
    coding: /^transfer-encoding: *(.*)$/im.exec(first)?.[1],
  };
}

async function askHttp2(method: string, path: string, fields: object = {}): Promise<Heard> {
  const session = await openHttp2(gateway.http);
  const first = await ask(session, { ':method': method, ':path': path, ...fields });
  const second: Http2Answer = await ask(session, { ':path': '/http1/good' });
  session.close();
  expect(second).toMatchObject({ status: 200, body: 'good', rstCode: 0 });
  expect(first).toMatchObject({ body: '', rstCode: 0 });
  return { status: first.status, length: first.headers['content-length'] as string | undefined, coding: undefined };
}

describe.each(Object.entries({ 'HTTP/1.1': askHttp1, 'HTTP/2': askHttp2 }))('over %s', (_, hear) => {
  it.each(Object.keys(answers))('an answer without a body is its head and no more: %s', async (name) => {
    const { method, status, length } = answers[name] as (typeof answers)[string];
    expect(await hear(method, `/http1/${encodeURIComponent(name)}`)).toEqual({ status, length, coding: undefined });
  });

  it.each([
    { method: 'GET', says: '204 -', status: 204 },
    { method: 'GET', says: '204 0', status: 204 },
    { method: 'GET', says: '205 -', status: 205, length: '0' },
    { method: 'GET', says: '304 5', status: 304, length: '5' },
    { method: 'HEAD', says: '200 5', status: 200, length: '5' },
    { method: 'HEAD', says: '204 -', status: 204 },
  ])('so it is when the instance speaks HTTP/2: $method $says', async ({ method, says, status, length }) => {
    const heard = await hear(method, `/http2/${encodeURIComponent(says)}`);
    expect(heard).toEqual({ status, length, coding: undefined });
  });

  it.each(Object.keys(own))('so is %s', async (name) => {
    const { method, path, status, length, fields } = own[name] as (typeof own)[string];
    const heard = await hear(method, path, fields);
    expect(heard).toMatchObject({ status, coding: undefined });
    if (length === undefined) expect(heard.length).toBeUndefined();
    else expect(heard.length).toMatch(length);
  });
});

describe('an instance that sends a body where there is none', () => {
  /** The connections that ended although they carried no stray body. */
  let othersEnded: Set<Socket>;
  let instance: Upstream;
  let one: GatewayUnderTest;
  /** What follows on the head of an answer to HEAD, and whether it comes with it. */
  let stray = { text: '', isLate: false };

  beforeEach(async () => {
    const ended = (othersEnded = new Set());
    instance = await aTcpUpstream((socket) => {
      let hasStray = false;
      socket.on('close', () => hasStray || ended.add(socket));
      socket.setEncoding('latin1').on('data', (text: string) => {
        const id = /^GET \/(\w+)/.exec(text)?.[1];
        if (id !== undefined) return void socket.write(`HTTP/1.1 200 A\r\nContent-Length: ${id.length}\r\n\r\n${id}`);
        hasStray = true;
        const head = 'HTTP/1.1 200 A\r\nContent-Length: 5\r\n\r\n';
        socket.write(stray.isLate ? head : head + stray.text);
        if (stray.isLate) setTimeout(() => socket.write(stray.text), 20);
      });
    });
    one = await aGateway({
      services: { one: { instances: [{ url: instance.url }], ...trusting } },
      routes: [{ id: 'one', path: '/**', service: 'one', access: open }],
    });
  });
  afterEach(async () => {
    await one.stop();
    await instance.close();
  });

  const get = async (id: string): Promise<string> => (await fetch(`${one.http}/${id}`)).text();
  const head = async (): Promise<number> => (await fetch(`${one.http}/any`, { method: 'HEAD' })).status;
  const free = async (): Promise<void> => {
    await Promise.all(['a', 'b', 'c', 'd'].map(get));
  };

  it.each([
    { what: 'together with the head', isLate: false, text: 'HTTP/1.1 200 A\r\nContent-Length: 5\r\n\r\nwrong' },
    { what: 'later', isLate: true, text: 'HTTP/1.1 200 A\r\nContent-Length: 5\r\n\r\nwrong' },
    { what: 'that is no answer', isLate: false, text: 'stray' },
  ])('costs no connection but that one: $what', async ({ isLate, text }) => {
    stray = { text, isLate };
    await free();
    expect(await head()).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 40));
    for (let n = 0; n < 12; n++) expect(await get(`x${n}`)).toBe(`x${n}`);
    expect(othersEnded.size).toBe(0);
  });

  it('keeps no connection any more that has carried such an answer', async () => {
    stray = { text: 'HTTP/1.1 200 A\r\nContent-Length: 5\r\n\r\nwrong', isLate: true };
    await free();
    expect(await head()).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 40));
    for (let n = 0; n < 12; n++) {
      expect(await head()).toBe(200);
      expect(await get(`x${n}`)).toBe(`x${n}`);
    }
  });
});
