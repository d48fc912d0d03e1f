import { jest } from '@jest/globals';

import { setTimeout as wait } from 'node:timers/promises';

import { until } from '@libs/testing';

import { everythingTo, GatewayProcess } from '../support/gateway-process.js';
import { endHeaders, endStream, type Field, fieldBlock, frame, frameType, RawHttp2 } from '../support/raw-http2.js';
import { aRecordingUpstream, type RecordingUpstream } from '../support/recording-upstream.js';

jest.setTimeout(60_000);

interface Case {
  readonly what: string;
  /** In place of those of a clean request; undefined takes one away. */
  readonly pseudo?: Record<string, string | undefined>;
  readonly first?: readonly Field[];
  readonly fields?: readonly Field[];
  readonly body?: string;
  readonly trailers?: readonly Field[];
  /** What may arrive, if anything does. Absent: nothing may. */
  readonly may?: string;
  /** Whether it has to arrive. */
  readonly must?: boolean;
}

const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: api.example\r\n\r\n';

/**
 * What HTTP/2 can carry in a field and HTTP/1.1 reads as something else is a way into the services (RFC 9113 §10.3).
 * Fields that are none may be left out: what arrives is clean without them.
 */
const cases: readonly Case[] = [
  { what: 'a clean request', may: 'GET /a', must: true },
  { what: 'a clean body', pseudo: { ':method': 'POST' }, body: 'ab', may: 'POST /a', must: true },
  { what: 'a clean body with its length', pseudo: { ':method': 'POST' }, fields: [['content-length', '2']], body: 'ab', may: 'POST /a', must: true }, // prettier-ignore
  { what: 'cookies in crumbs', fields: [['cookie', 'a=1'], ['cookie', 'b=2']], may: 'GET /a', must: true }, // prettier-ignore
  { what: 'CR LF in a value', fields: [['x-a', 'b\r\nx-smuggled: 1']], may: 'GET /a' },
  { what: 'LF in a value', fields: [['x-a', 'b\nx-smuggled: 1']], may: 'GET /a' },
  { what: 'CR in a value', fields: [['x-a', 'b\rx-smuggled: 1']], may: 'GET /a' },
  { what: 'NUL in a value', fields: [['x-a', 'b\0c']], may: 'GET /a' },
  { what: 'a request in a value', fields: [['x-a', `b\r\n\r\n${smuggled}`]], may: 'GET /a' },
  { what: 'CR LF in a name', fields: [['x-a: b\r\nx-smuggled', '1']], may: 'GET /a' },
  { what: 'a colon in a name', fields: [['x-a:', 'b']], may: 'GET /a' },
  { what: 'a space in a name', fields: [['x a', 'b']], may: 'GET /a' },
  { what: 'a NUL in a name', fields: [['x\0a', 'b']], may: 'GET /a' },
  { what: 'an empty name', fields: [['', 'b']], may: 'GET /a' },
  { what: 'a name in capitals', fields: [['X-A', 'b']] },
  { what: 'a name with raw bytes', fields: [['x-\xe4', 'b']], may: 'GET /a' },
  { what: 'CR LF in the path', pseudo: { ':path': '/a HTTP/1.1\r\nx-smuggled: 1' } },
  { what: 'a space in the path', pseudo: { ':path': '/a b' } },
  { what: 'a tab in the path', pseudo: { ':path': '/a\tb' } },
  { what: 'a NUL in the path', pseudo: { ':path': '/a\0' } },
  { what: 'a fragment in the path', pseudo: { ':path': '/a#b' } },
  { what: 'raw bytes in the path', pseudo: { ':path': '/\xff' } },
  { what: 'a backslash in the path', pseudo: { ':path': '/a\\b' } },
  { what: 'an empty path', pseudo: { ':path': '' } },
  { what: 'a path without a slash', pseudo: { ':path': 'a' } },
  { what: 'a path that is an address', pseudo: { ':path': 'http://evil.example/a' } },
  { what: 'an asterisk', pseudo: { ':path': '*' } },
  { what: 'no path', pseudo: { ':path': undefined } },
  { what: 'two paths', first: [[':path', '/b']] },
  { what: 'dot segments', pseudo: { ':path': '/b/../a' }, may: 'GET /a' },
  { what: 'a protected path', pseudo: { ':path': '/internal/users' } },
  { what: 'a protected path, encoded', pseudo: { ':path': '/%69nternal/users' } },
  { what: 'a protected path, behind dots', pseudo: { ':path': '/x/../internal/users' } },
  { what: 'a protected path, in capitals', pseudo: { ':path': '//INTERNAL/users' } },
  { what: 'a request line in the method', pseudo: { ':method': 'GET /smuggled HTTP/1.1\r\nx-a: b\r\n\r\nGET' } },
  { what: 'a space in the method', pseudo: { ':method': 'GET /smuggled' } },
  { what: 'a method in small letters', pseudo: { ':method': 'get' } },
  { what: 'an empty method', pseudo: { ':method': '' } },
  { what: 'no method', pseudo: { ':method': undefined } },
  { what: 'two methods', first: [[':method', 'POST']] },
  { what: 'TRACE', pseudo: { ':method': 'TRACE' } },
  { what: 'CONNECT', pseudo: { ':method': 'CONNECT', ':path': undefined, ':scheme': undefined } },
  { what: 'CONNECT with a path', pseudo: { ':method': 'CONNECT' } },
  { what: 'no scheme', pseudo: { ':scheme': undefined } },
  { what: 'a scheme that is an address', pseudo: { ':scheme': 'http://evil.example/x?' }, may: 'GET /a' },
  { what: 'CR LF in the scheme', pseudo: { ':scheme': 'http\r\nx-smuggled: 1' } },
  { what: 'no authority', pseudo: { ':authority': undefined } },
  { what: 'an empty authority', pseudo: { ':authority': '' } },
  { what: 'an authority with a user', pseudo: { ':authority': 'evil@api.example' } },
  { what: 'an authority with a path', pseudo: { ':authority': 'api.example/evil' } },
  { what: 'CR LF in the authority', pseudo: { ':authority': 'api.example\r\nx-smuggled: 1' } },
  { what: 'two authorities', first: [[':authority', 'evil.example']] },
  { what: 'another host than the authority', fields: [['host', 'evil.example']] },
  { what: 'two hosts', fields: [['host', 'api.example'], ['host', 'evil.example']] }, // prettier-ignore
  { what: 'a host in place of the authority', pseudo: { ':authority': undefined }, fields: [['host', 'api.example']], may: 'GET /a' }, // prettier-ignore
  { what: 'a pseudo-field that nobody knows', first: [[':smuggled', '1']] },
  { what: 'a status in a request', first: [[':status', '200']] },
  { what: 'a pseudo-field behind the others', fields: [['x-a', '1'], [':path', '/b']] }, // prettier-ignore
  { what: 'chunks', pseudo: { ':method': 'POST' }, fields: [['transfer-encoding', 'chunked']], body: `0\r\n\r\n${smuggled}` }, // prettier-ignore
  { what: 'a connection header', fields: [['connection', 'close']] },
  { what: 'a keep-alive header', fields: [['keep-alive', 'timeout=5']] },
  { what: 'an upgrade', fields: [['upgrade', 'h2c']] },
  { what: 'a proxy-connection header', fields: [['proxy-connection', 'keep-alive']] },
  { what: 'TE with more than trailers', fields: [['te', 'gzip']], may: 'GET /a' },
  { what: 'a length of nothing with a body', pseudo: { ':method': 'POST' }, fields: [['content-length', '0']], body: smuggled, may: 'POST /a' }, // prettier-ignore
  { what: 'a length shorter than the body', pseudo: { ':method': 'POST' }, fields: [['content-length', '1']], body: smuggled }, // prettier-ignore
  { what: 'a length longer than the body', pseudo: { ':method': 'POST' }, fields: [['content-length', '99']], body: 'ab' }, // prettier-ignore
  { what: 'a length without a body', fields: [['content-length', '9']] },
  { what: 'two lengths', pseudo: { ':method': 'POST' }, fields: [['content-length', '2'], ['content-length', '3']], body: 'ab' }, // prettier-ignore
  { what: 'a length that is none', pseudo: { ':method': 'POST' }, fields: [['content-length', '+2']], body: 'ab' },
  { what: 'a length under another spelling', pseudo: { ':method': 'POST' }, fields: [['content_length', '9']], body: 'ab', may: 'POST /a' }, // prettier-ignore
  { what: 'an identity', fields: [['x-user-id', 'smuggled']], may: 'GET /a' },
  { what: 'an identity under another spelling', fields: [['x_user.id', 'smuggled']], may: 'GET /a' },
  { what: 'trailers', pseudo: { ':method': 'POST' }, body: 'ab', trailers: [['x-a', 'b']], may: 'POST /a' },
  { what: 'an identity in the trailers', pseudo: { ':method': 'POST' }, body: 'ab', trailers: [['x-user-id', 'smuggled']], may: 'POST /a' }, // prettier-ignore
  {
    what: 'CR LF in the trailers',
    pseudo: { ':method': 'POST' },
    body: 'ab',
    trailers: [['x-a', 'b\r\nx-smuggled: 1']],
    may: 'POST /a',
  },
  { what: 'a path in the trailers', pseudo: { ':method': 'POST' }, body: 'ab', trailers: [[':path', '/smuggled']] },
  { what: 'a length in the trailers', pseudo: { ':method': 'POST' }, body: 'ab', trailers: [['content-length', '9']], may: 'POST /a' }, // prettier-ignore
];

function framesOf({ pseudo, first = [], fields = [], body, trailers }: Case): Buffer[] {
  const whole = { ':method': 'GET', ':scheme': 'http', ':authority': 'api.example', ':path': '/a', ...pseudo };
  const given = Object.entries(whole).filter((field): field is [string, string] => field[1] !== undefined);
  const head = fieldBlock([...given, ...first, ...fields]);
  const frames = [frame(frameType.headers, endHeaders | (body === undefined ? endStream : 0), 1, head)];
  if (body !== undefined) {
    frames.push(frame(frameType.data, trailers === undefined ? endStream : 0, 1, Buffer.from(body, 'latin1')));
  }
  if (trailers !== undefined) frames.push(frame(frameType.headers, endHeaders | endStream, 1, fieldBlock(trailers)));
  return frames;
}

describe('whatever a client says in HTTP/2', () => {
  let upstream: RecordingUpstream;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    upstream = await aRecordingUpstream();
    gateway = await GatewayProcess.start(
      { ...everythingTo([upstream.url]), limits: { headersTimeout: '2s', requestTimeout: '3s' } },
      { env: { LOG_LEVEL: 'info' } },
    );
  });
  afterAll(async () => {
    await gateway?.dispose();
    await upstream?.close();
  });

  it.each(cases)('arrives clean or not at all: $what', async (one) => {
    const client = RawHttp2.open(gateway.port);
    client.send(...framesOf(one));
    const isAnswered = (): boolean =>
      client.isClosed || client.framesOf(1).some((type) => type === frameType.headers || type === frameType.reset);
    await until(isAnswered, (is) => is);
    await wait(20);
    client.close();

    const readings = upstream.take();
    expect(readings.flatMap(({ dirt }) => dirt ?? [])).toEqual([]);
    const arrived = readings.flatMap(({ requests }) => requests.map(({ method, target }) => `${method} ${target}`));
    expect(arrived).toEqual(one.must === true || arrived.length > 0 ? [one.may] : []);
    expect(JSON.stringify(readings.flatMap(({ requests }) => requests))).not.toContain('smuggled');
  });

  it('gets no 5xx for it', () => {
    expect(gateway.output.match(/"status":5\d\d.*/g) ?? []).toEqual([]);
    expect(gateway.output).not.toMatch(/"level":"(error|fatal)"/);
  });

  describe('and however much of it', () => {
    const stream = (n: number): number => 2 * n + 1;
    const head = fieldBlock([
      [':method', 'GET'],
      [':scheme', 'http'],
      [':authority', 'api.example'],
      [':path', '/a'],
    ]);
    const many = (count: number, frames: (n: number) => readonly Buffer[]): Buffer[] =>
      Array.from({ length: count }, (_, n) => frames(n)).flat();
    const junk = fieldBlock([['x-a', 'b'.repeat(8_000)]]);

    it.each([
      {
        what: 'requests that are broken off at once',
        frames: many(5_000, (n) => [
          frame(frameType.headers, endHeaders | endStream, stream(n), head),
          frame(frameType.reset, 0, stream(n), Buffer.from([0, 0, 0, 8])),
        ]),
      },
      {
        what: 'headers that never end',
        frames: [
          frame(frameType.headers, 0, 1, head),
          ...many(2_000, () => [frame(frameType.continuation, 0, 1, junk)]),
        ],
      },
      { what: 'settings', frames: many(20_000, () => [frame(frameType.settings, 0, 0)]) },
      { what: 'pings', frames: many(20_000, () => [frame(frameType.ping, 0, 0, Buffer.alloc(8))]) },
      { what: 'empty data', frames: [frame(frameType.headers, endHeaders, 1, head), ...many(20_000, () => [frame(frameType.data, 0, 1)])] }, // prettier-ignore
    ])('is cut off, and others are served meanwhile: $what', async ({ frames }) => {
      const before = gateway.residentBytes();
      const client = RawHttp2.open(gateway.port);
      client.send(...frames);
      const begun = performance.now();
      for (let n = 0; n < 10; n++) expect((await fetch(`${gateway.url}/ready`)).status).toBe(200);
      expect(performance.now() - begun).toBeLessThan(3_000);
      await until(
        () => client.isClosed,
        (is) => is,
        10_000,
      );
      expect(gateway.residentBytes() - before).toBeLessThan(150 * 1024 ** 2);
      upstream.take();
    });
  });
});
