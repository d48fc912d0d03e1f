import { aGateway, everythingTo, type GatewayUnderTest } from './gateway.fixture.js';
import { problemIn, request, sendRaw, statusOf } from './raw-client.fixture.js';
import { anUpstream, type Upstream } from './upstream.fixture.js';

let upstream: Upstream;
let gateway: GatewayUnderTest;

beforeAll(async () => {
  upstream = await anUpstream((received, response) => {
    if (received.url === '/hold') received.resume();
    else if (received.url === '/late') setTimeout(() => response.end('ok'), 50);
    else response.end('ok');
  });
  gateway = await aGateway({
    ...everythingTo(upstream.url),
    limits: {
      uriBytes: '1KiB',
      headerBytes: '4KiB',
      headerCount: 20,
      bodyBytes: '1KiB',
      headersTimeout: '1s',
      requestTimeout: '2s',
    },
  });
});

afterAll(async () => {
  await gateway.stop();
  await upstream.close();
});

beforeEach(() => void (upstream.requests.length = 0));

const many = (count: number): string[] => Array.from({ length: count }, (_, n) => `X-H${n}: 1`);

const notClean = [
  { what: 'garbage', raw: 'GARBAGE\r\n\r\n', status: 400, flag: 'request_malformed' },
  {
    what: 'binary garbage',
    raw: Buffer.from('160301020001000001fc0303', 'hex'),
    status: 400,
    flag: 'request_malformed',
  },
  { what: 'an unknown version', raw: request('GET / HTTP/9.9'), status: 400, flag: 'request_malformed' },
  { what: 'no Host', raw: 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', status: 400, flag: 'header_invalid' },
  { what: 'two Hosts', raw: request('GET / HTTP/1.1', 'Host: other.example'), status: 400, flag: 'header_invalid' },
  {
    what: 'a Host that is none',
    raw: 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n',
    status: 400,
    flag: 'header_invalid',
  },
  {
    what: 'an absolute target of another host',
    raw: request('GET http://evil.example/ HTTP/1.1'),
    status: 400,
    flag: 'header_invalid',
  },
  {
    what: 'two lengths',
    raw: request('POST / HTTP/1.1', 'Content-Length: 1', 'Content-Length: 2') + 'ab',
    status: 400,
    flag: 'request_malformed',
  },
  {
    what: 'one length twice',
    raw: request('POST / HTTP/1.1', 'Content-Length: 1', 'Content-Length: 1') + 'a',
    status: 400,
    flag: 'request_malformed',
  },
  {
    what: 'length and chunks',
    raw: request('POST / HTTP/1.1', 'Content-Length: 1', 'Transfer-Encoding: chunked') + '0\r\n\r\n',
    status: 400,
    flag: 'request_malformed',
  },
  {
    what: 'a length with a sign',
    raw: request('POST / HTTP/1.1', 'Content-Length: +1') + 'a',
    status: 400,
    flag: 'request_malformed',
  },
  {
    what: 'an unknown transfer encoding',
    raw: request('POST / HTTP/1.1', 'Transfer-Encoding: gzip, chunked') + '0\r\n\r\n',
    status: 400,
    flag: 'header_invalid',
  },
  {
    what: 'a space before the colon',
    raw: request('GET / HTTP/1.1', 'X-A : 1'),
    status: 400,
    flag: 'request_malformed',
  },
  { what: 'a folded header', raw: request('GET / HTTP/1.1', 'X-A: 1\r\n 2'), status: 400, flag: 'request_malformed' },
  {
    what: 'a bare line feed in the headers',
    raw: 'GET / HTTP/1.1\nHost: a\nConnection: close\n\n',
    status: 400,
    flag: 'request_malformed',
  },
  { what: 'a NUL in a header', raw: request('GET / HTTP/1.1', 'X-A: a\0b'), status: 400, flag: 'request_malformed' },
  {
    what: 'an expectation that nobody meets',
    raw: request('GET / HTTP/1.1', 'Expect: magic'),
    status: 400,
    flag: 'header_invalid',
  },
  {
    what: 'two content types',
    raw: request('GET / HTTP/1.1', 'Content-Type: a/b', 'Content-Type: c/d'),
    status: 400,
    flag: 'header_invalid',
  },
  { what: 'an encoded slash', raw: request('GET /a%2fb HTTP/1.1'), status: 400, flag: 'path_invalid' },
  { what: 'an address above the root', raw: request('GET /../etc HTTP/1.1'), status: 400, flag: 'path_invalid' },
  { what: 'a fragment in the query', raw: request('GET /?a#b HTTP/1.1'), status: 400, flag: 'path_invalid' },
  {
    what: 'an address that is too long',
    raw: request(`GET /${'a'.repeat(1100)} HTTP/1.1`),
    status: 414,
    flag: 'uri_too_long',
  },
  {
    what: 'an address that is far too long',
    raw: request(`GET /${'a'.repeat(9000)} HTTP/1.1`),
    status: 414,
    flag: 'uri_too_long',
  },
  {
    what: 'headers that are too large',
    raw: request('GET / HTTP/1.1', `X-A: ${'a'.repeat(4200)}`),
    status: 431,
    flag: 'headers_too_large',
  },
  {
    what: 'headers that are far too large',
    raw: request('GET / HTTP/1.1', `X-A: ${'a'.repeat(20_000)}`),
    status: 431,
    flag: 'headers_too_large',
  },
  { what: 'too many headers', raw: request('GET / HTTP/1.1', ...many(20)), status: 431, flag: 'headers_too_large' },
  {
    what: 'a body that is too large',
    raw: request('POST / HTTP/1.1', 'Content-Length: 1025') + 'a'.repeat(1025),
    status: 413,
    flag: 'body_too_large',
  },
  {
    what: 'a method that nobody proxies',
    raw: request('PROPFIND / HTTP/1.1'),
    status: 405,
    flag: 'method_not_allowed',
  },
  { what: 'a request to echo', raw: request('TRACE / HTTP/1.1'), status: 405, flag: 'method_not_allowed' },
];

describe('a request that is not clean', () => {
  it.each(notClean)('is refused and logged: $what', async ({ raw, status, flag }) => {
    const line = gateway.log.next();
    const answer = await sendRaw(gateway.port, raw);
    expect(statusOf(answer)).toBe(status);
    expect(answer).toMatch(/content-type: application\/problem\+json/i);
    expect(answer).toMatch(/x-trace-id: [0-9a-f]{32}/i);
    expect(await line).toMatchObject({ status, flag, request_id: problemIn(answer).requestId });
    expect(upstream.requests).toHaveLength(0);
  });

  it('is refused when its body in chunks turns out too large', async () => {
    const line = gateway.log.next();
    const chunk = `400\r\n${'a'.repeat(1024)}\r\n`;
    const answer = await sendRaw(
      gateway.port,
      request('POST / HTTP/1.1', 'Transfer-Encoding: chunked'),
      chunk,
      chunk,
      '0\r\n\r\n',
    );
    expect(statusOf(answer)).toBe(413);
    expect(await line).toMatchObject({ status: 413, flag: 'body_too_large' });
  });

  it('is refused when its headers come too slowly', async () => {
    const line = gateway.log.next();
    const answer = await sendRaw(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\n');
    expect(problemIn(answer).code).toBe('REQUEST_TIMEOUT');
    expect(await line).toMatchObject({ status: 408, flag: 'request_timeout' });
  });

  it('is refused when its body comes too slowly', async () => {
    const line = gateway.log.next();
    const answer = await sendRaw(gateway.port, request('POST /hold HTTP/1.1', 'Content-Length: 10'), 'abc');
    expect(problemIn(answer).code).toBe('REQUEST_TIMEOUT');
    expect(await line).toMatchObject({ status: 408, flag: 'request_timeout', bytes_in: 3 });
  });

  it('does not carry a second request with it', async () => {
    const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
    await sendRaw(gateway.port, request('GET /a HTTP/1.1', 'Content-Length: 0'), smuggled);
    expect(upstream.requests.map(({ url }) => url)).not.toContain('/smuggled');
  });

  it.each([
    '/internal/users',
    '//internal/users',
    '/%69nternal/users',
    '/x/../internal/users',
    '/INTERNAL/users',
    '/internal;a=b/users',
    '/./internal',
    '/actuator/env',
  ])('finds nothing at %s, whatever the routes say', async (path) => {
    const answer = await sendRaw(gateway.port, request(`GET ${path} HTTP/1.1`));
    expect(statusOf(answer)).toBe(404);
    expect(upstream.requests).toHaveLength(0);
  });

  it('arrives clean when it can be made so', async () => {
    await sendRaw(gateway.port, request('GET http://API.example//a/./b%2Dc/../%7Ed?q=%2F.. HTTP/1.1'));
    expect(upstream.requests.map(({ url }) => url)).toEqual(['/a/~d?q=%2F..']);
  });
});

describe('what comes after a good request', () => {
  const good = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
  const follows = [
    ...notClean,
    { what: 'chunks in HTTP/1.0', raw: 'POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', status: 400 }, // prettier-ignore
    { what: 'a chunk that is none', raw: request('POST /hold HTTP/1.1', 'Transfer-Encoding: chunked') + 'x\r\n', status: 400 }, // prettier-ignore
    { what: 'a request to be connected', raw: 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', status: 405 },
    { what: 'a head that never ends', raw: 'GET / HTTP/1.1\r\nHost: a\r\n', status: 408 },
    { what: 'a good request, and then garbage', raw: `${good('/second')}GARBAGE\r\n\r\n`, status: 200, last: 400 },
    { what: 'a WebSocket that is not granted', raw: 'GET /second HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n', status: 200 }, // prettier-ignore
  ];

  /** Statuses in the order of the answers, and whether the first has its body. */
  const answersIn = (text: string): { statuses: number[]; isFirstWhole: boolean } => ({
    statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)),
    isFirstWhole: /^HTTP\/1\.1 200 (?:.*\r\n)+\r\n(?:2\r\n)?ok/.test(text),
  });

  describe.each(['/now', '/late'])('that is answered at %s', (path) => {
    it.each(follows)('takes nothing away from its answer: $what', async ({ raw, status, ...more }) => {
      const answer = await sendRaw(gateway.port, Buffer.concat([Buffer.from(good(path)), Buffer.from(raw)]));
      const last = 'last' in more ? [more.last] : [];
      const { statuses, isFirstWhole } = answersIn(answer);
      // What is too large in the middle of a packet may be an address or a header.
      const isTooLong = status === 414 && statuses[1] === 431;
      expect({ statuses, isFirstWhole }).toEqual({
        statuses: [200, isTooLong ? 431 : status, ...last],
        isFirstWhole: true,
      });
      expect(upstream.requests[0]?.url).toBe(path);
    });
  });

  it('is not served on a connection that has to be closed', async () => {
    const bad = 'POST /a HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
    expect(answersIn(await sendRaw(gateway.port, bad + good('/second')))).toMatchObject({ statuses: [400] });
    expect(upstream.requests).toHaveLength(0);
  });
});
