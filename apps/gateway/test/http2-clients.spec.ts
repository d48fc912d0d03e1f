import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { get as httpsGet } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ClientHttp2Session, constants } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

import { describeWith, until } from '@libs/testing';

import { Authority, type Certificate } from './certificates.fixture.js';
import { aGateway, everythingTo, type GatewayUnderTest } from './gateway.fixture.js';
import { answerOn, ask, openHttp2 } from './http2-client.fixture.js';
import { request, sendRaw, statusOf } from './raw-client.fixture.js';
import { anUpstream, readAll, type Upstream } from './upstream.fixture.js';

const mebibyte = randomBytes(1024 * 1024);
const size = 32;

let upstream: Upstream;
let gateway: GatewayUnderTest;
let release: () => void = () => undefined;
let gone = 0;

beforeAll(async () => {
  upstream = await anUpstream((received, response) => void serve(received, response).catch(() => undefined));
  const { services, routes = [] } = everythingTo(upstream.url);
  const large = { id: 'large', path: '/large/**', service: 'echo', timeouts: { total: '1m' } };
  gateway = await aGateway({
    services,
    routes: [...routes, { ...large, access: { authenticated: false } }],
    limits: { uriBytes: '1KiB', headerBytes: '4KiB', headerCount: 30, bodyBytes: '64MiB', requestTimeout: '2s' },
    listen: { port: 0, http2: { streams: 50, resets: 40, controlFrames: 60 } },
  });
});

/** What the service does at each address. It may be broken off anywhere. */
async function serve(received: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path] = (received.url ?? '').split('?');
  if (path === '/upload' || path === '/large/upload') {
    const hash = createHash('sha256');
    for await (const chunk of received) hash.update(chunk as Buffer);
    response.end(hash.digest('hex'));
  } else if (path === '/download') {
    for (let n = 0; n < size; n++) if (!response.write(mebibyte)) await once(response, 'drain');
    response.end();
  } else if (path === '/hold') {
    response.once('close', () => gone++);
    release = () => response.end('at last');
  } else if (path === '/trailers') {
    await readAll(received);
    response.writeHead(200, { trailer: 'x-checksum' });
    response.write('body');
    response.addTrailers({
      'x-checksum': 'abc',
      'x-user-id': 'forged',
      'x-received': JSON.stringify(received.trailers),
    });
    response.end();
  } else if (path === '/hints') {
    response.writeEarlyHints({ link: '</style.css>; rel=preload', 'x-hint': '1' });
    response.end('ok');
  } else if (path === '/none') response.writeHead(204).end();
  else response.end(await readAll(received));
}

afterAll(async () => {
  await gateway.stop();
  await upstream.close();
});

beforeEach(() => void (upstream.requests.length = 0));

describe('HTTP/2 by prior knowledge, on the port of HTTP/1.1', () => {
  let session: ClientHttp2Session;
  beforeEach(async () => (session = await openHttp2(gateway.http)));
  afterEach(() => session.destroy());

  it('is served like any request', async () => {
    const answer = await ask(session, { ':path': '/a/./b?c=d', cookie: ['a=1', 'b=2'], 'x-user-id': 'forged' });
    expect([answer.status, answer.headers['x-request-id']]).toEqual([200, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    const [seen] = upstream.requests;
    expect([seen?.method, seen?.url, seen?.httpVersion, seen?.headers.cookie]).toEqual([
      'GET',
      '/a/b?c=d',
      '1.1',
      'a=1; b=2',
    ]);
    expect(seen?.headers['x-forwarded-host']).toBe(new URL(gateway.http).host);
    expect(seen?.rawHeaders.filter((name) => name.startsWith(':'))).toEqual([]);
    expect(seen?.headers['x-user-id']).toBe('');
    expect(await gateway.log.of(answer.headers['x-request-id'])).toMatchObject({ status: 200, path: '/a/b', flag: '' });
  });

  it('leaves HTTP/1.1 as it was', async () => {
    expect(statusOf(await sendRaw(gateway.port, request('GET /a HTTP/1.1')))).toBe(200);
    // A method whose beginning is that of the preface.
    expect(statusOf(await sendRaw(gateway.port, 'PR', request('OPFIND /a HTTP/1.1')))).toBe(405);
  });

  it('carries many requests at once, each with its own answer', async () => {
    const ids = Array.from({ length: 300 }, (_, n) => n);
    const answers = await Promise.all(ids.map((id) => ask(session, { ':path': '/', ':method': 'POST' }, `body ${id}`)));
    expect(answers.map(({ body }) => body)).toEqual(ids.map((id) => `body ${id}`));
  });

  it('takes bodies of any length, and says how long they are if it knows', async () => {
    const known = await ask(session, { ':path': '/', ':method': 'POST', 'content-length': '3' }, 'abc');
    const unknown = await ask(session, { ':path': '/', ':method': 'POST' }, 'abcd');
    const none = await ask(session, { ':path': '/', ':method': 'POST' });
    expect([known.body, unknown.body, none.body]).toEqual(['abc', 'abcd', '']);
    expect(upstream.requests.map(({ headers }) => [headers['content-length'], headers['transfer-encoding']])).toEqual([
      ['3', undefined],
      [undefined, 'chunked'],
      ['0', undefined],
    ]);
  });

  it('streams both ways', async () => {
    const wanted = createHash('sha256');
    const upload = session.request({ ':path': '/large/upload', ':method': 'POST' });
    const uploaded = answerOn(upload);
    for (let n = 0; n < size; n++) {
      wanted.update(mebibyte);
      if (!upload.write(mebibyte)) await once(upload, 'drain');
    }
    upload.end();
    expect((await uploaded).body).toBe(wanted.digest('hex'));

    const download = session.request({ ':path': '/download' });
    let bytes = 0;
    for await (const chunk of download) bytes += (chunk as Buffer).length;
    expect(bytes).toBe(size * mebibyte.length);
  });

  it('carries trailers both ways, without those that only the gateway may set', async () => {
    const stream = session.request(
      { ':path': '/trailers', ':method': 'POST', te: 'trailers' },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-mine': 'yes', 'x-user-id': 'forged', host: 'evil' }));
    stream.end('body');
    const { body, trailers } = await answerOn(stream);
    expect([body, trailers['x-checksum'], trailers['x-user-id']]).toEqual(['body', 'abc', undefined]);
    expect(JSON.parse(String(trailers['x-received']))).toEqual({ 'x-mine': 'yes' });
  });

  it('passes early hints on, and asks for a body only when it is wanted', async () => {
    const hints = await ask(session, { ':path': '/hints' });
    expect(hints.interim).toMatchObject([{ ':status': 103, link: '</style.css>; rel=preload', 'x-hint': '1' }]);

    const stream = session.request({ ':path': '/', ':method': 'POST', expect: '100-continue' });
    const answer = answerOn(stream);
    await once(stream, 'continue');
    stream.end('now');
    expect((await answer).body).toBe('now');
  });

  it('answers without a body, and HEAD', async () => {
    expect(await ask(session, { ':path': '/none' })).toMatchObject({ status: 204, body: '', rstCode: 0 });
    expect(await ask(session, { ':path': '/x', ':method': 'HEAD' })).toMatchObject({
      status: 200,
      body: '',
      rstCode: 0,
    });
  });

  it('gives up the request to the instance when the client does', async () => {
    const before = gone;
    const stream = session.request({ ':path': '/hold' });
    await until(
      () => upstream.requests.length,
      (count) => count === 1,
    );
    stream.close(constants.NGHTTP2_CANCEL);
    await until(
      () => gone,
      (count) => count === before + 1,
    );
  });

  it('is not waited for without end: a body that does not come is 408', async () => {
    const stream = session.request({ ':path': '/upload', ':method': 'POST', 'content-length': '10' });
    stream.write('abc');
    expect(await answerOn(stream)).toMatchObject({ status: 408 });
  });

  it('is told why when its body is too large, and may end it', async () => {
    const headers = { ':path': '/upload', ':method': 'POST', 'content-length': String(65 * 1024 ** 2) };
    const stream = session.request(headers);
    stream.write(mebibyte);
    const answer = await answerOn(stream);
    expect([answer.status, answer.rstCode]).toEqual([413, constants.NGHTTP2_NO_ERROR]);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'REQUEST_BODY_TOO_LARGE' });
  });

  it.each([
    { what: 'an encoded slash', headers: { ':path': '/a%2fb' }, status: 400 },
    { what: 'a path above the root', headers: { ':path': '/../x' }, status: 400 },
    { what: 'a path that does not begin with a slash', headers: { ':path': 'x' } },
    { what: 'a fragment', headers: { ':path': '/x#y' } },
    { what: 'an absolute form of another host', headers: { ':path': 'http://evil.example/x' } },
    { what: 'two hosts that differ', headers: { ':path': '/', ':authority': 'a', host: 'evil.example' }, status: 400 },
    { what: 'a host that is none', headers: { ':path': '/', ':authority': 'a b' } },
    { what: 'no host', headers: { ':path': '/', ':authority': '' } },
    { what: 'an address that is too long', headers: { ':path': `/${'a'.repeat(1100)}` }, status: 414 },
    { what: 'headers that are too large', headers: { ':path': '/', 'x-a': 'a'.repeat(4200) }, status: 431 },
    {
      what: 'too many headers',
      headers: { ':path': '/', ...Object.fromEntries(Array.from({ length: 35 }, (_, n) => [`x-${n}`, '1'])) },
      status: 431,
    },
    { what: 'TRACE', headers: { ':path': '/', ':method': 'TRACE' }, status: 405 },
    { what: 'a method that nobody proxies', headers: { ':path': '/', ':method': 'PROPFIND' }, status: 405 },
    { what: 'what is never reachable', headers: { ':path': '/x/../internal/users' }, status: 404 },
  ])('refuses $what', async ({ headers, status }) => {
    const answer = await ask(session, headers as Record<string, string>);
    // Some of it Node's own library refuses: then the stream is an error, and the client is not told more.
    if (status === undefined)
      expect(answer.status === 400 || answer.rstCode === constants.NGHTTP2_PROTOCOL_ERROR).toBe(true);
    else expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/problem+json']);
    expect(upstream.requests).toHaveLength(0);
  });

  it('refuses credentials that are there twice', async () => {
    const twice = [
      ':method',
      'GET',
      ':path',
      '/',
      ':scheme',
      'http',
      ':authority',
      'a',
      'x-api-key',
      'a',
      'x-api-key',
      'b',
    ];
    const answer = await answerOn(session.request(twice as never, { endStream: true }));
    expect([answer.status, upstream.requests.length]).toEqual([400, 0]);
  });

  it('refuses to be a proxy to anywhere', async () => {
    const answer = await ask(session, { ':method': 'CONNECT', ':authority': 'elsewhere:443' });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  it('lets no more requests run at once than it says', () => {
    expect(session.remoteSettings.maxConcurrentStreams).toBe(50);
  });
});

/** Frames by hand: what no client library would send. */
class RawHttp2 {
  private readonly socket: Socket;
  received = Buffer.alloc(0);
  readonly closed: Promise<void>;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (chunk) => (this.received = Buffer.concat([this.received, chunk])));
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()));
    this.socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    this.frame(4, 0, 0, Buffer.alloc(0));
  }

  frame(type: number, flags: number, stream: number, payload: Buffer): void {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length, 0, 3);
    head.writeUInt8(type, 3);
    head.writeUInt8(flags, 4);
    head.writeUInt32BE(stream, 5);
    if (!this.socket.destroyed) this.socket.write(Buffer.concat([head, payload]));
  }

  /** GET / of the host `a`, by the static table of HPACK. */
  get(stream: number, more = Buffer.alloc(0), flags = 0x5): void {
    this.frame(1, flags, stream, Buffer.concat([Buffer.from([0x82, 0x86, 0x84, 0x41, 0x01, 0x61]), more]));
  }

  /** The code of the GOAWAY that has come, or undefined. */
  get goaway(): number | undefined {
    const at = this.frames().find(({ type }) => type === 7)?.at;
    return at === undefined ? undefined : this.received.readUInt32BE(at + 13);
  }

  /** The streams on which an answer has begun. */
  get answered(): number[] {
    return this.frames().flatMap(({ type, stream }) => (type === 1 ? [stream] : []));
  }

  end(): void {
    this.socket.destroy();
  }

  private frames(): { at: number; type: number; stream: number }[] {
    const frames = [];
    for (let at = 0; at + 9 <= this.received.length; at += 9 + this.received.readUIntBE(at, 3)) {
      frames.push({ at, type: this.received.readUInt8(at + 3), stream: this.received.readUInt32BE(at + 5) });
    }
    return frames;
  }
}

describe('a client of HTTP/2 that makes more work than its requests are worth', () => {
  const attacks: Readonly<Record<string, (client: RawHttp2) => void>> = {
    'requests that it breaks off at once': (client) => {
      for (let n = 0; n < 400; n++) {
        client.get(2 * n + 1);
        client.frame(3, 0, 2 * n + 1, Buffer.from([0, 0, 0, 8]));
      }
    },
    'requests that it makes the gateway break off': (client) => {
      for (let n = 0; n < 400; n++) {
        client.get(2 * n + 1);
        // RFC 9113 §6.9: a window that grows by nothing is an error of the stream.
        client.frame(8, 0, 2 * n + 1, Buffer.alloc(4));
      }
    },
    'a flood of PING': (client) => {
      for (let n = 0; n < 2_000; n++) client.frame(6, 0, 0, Buffer.alloc(8));
    },
    'a flood of SETTINGS': (client) => {
      for (let n = 0; n < 2_000; n++) client.frame(4, 0, 0, Buffer.alloc(0));
    },
    'requests with more headers than there may be': (client) => {
      const field = Buffer.from([0x00, 0x01, 0x78, 0x01, 0x79]);
      for (let n = 0; n < 200; n++) client.get(2 * n + 1, Buffer.concat(Array.from({ length: 100 }, () => field)));
    },
    'requests with headers that HTTP/2 has no place for': (client) => {
      const upperCase = Buffer.from([0x00, 0x01, 0x58, 0x01, 0x79]);
      for (let n = 0; n < 400; n++) client.get(2 * n + 1, upperCase);
    },
    'a flood of WINDOW_UPDATE for the connection': (client) => {
      for (let n = 0; n < 2_000; n++) client.frame(8, 0, 0, Buffer.from([0, 0, 0, 1]));
    },
    'a flood of WINDOW_UPDATE for a request': (client) => {
      client.get(1, Buffer.alloc(0), 0x4);
      for (let n = 0; n < 2_000; n++) client.frame(8, 0, 1, Buffer.from([0, 0, 0, 1]));
    },
    'a flood of WINDOW_UPDATE beside a body': (client) => {
      client.frame(1, 0x4, 1, Buffer.from([0x83, 0x86, 0x84, 0x41, 0x01, 0x61]));
      for (let n = 0; n < 2_000; n++) {
        client.frame(0, 0, 1, Buffer.from('a body goes on'));
        client.frame(8, 0, 0, Buffer.from([0, 0, 0, 1]));
      }
    },
    'a flood of PRIORITY': (client) => {
      for (let n = 0; n < 2_000; n++) client.frame(2, 0, 1, Buffer.from([0, 0, 0, 0, 5]));
    },
    'a flood of frames that nobody knows': (client) => {
      for (let n = 0; n < 2_000; n++) client.frame(0x55, 0, 0, Buffer.from('what is this'));
    },
    'a flood of bodies that are nothing but padding': (client) => {
      client.frame(1, 0x4, 1, Buffer.from([0x83, 0x86, 0x84, 0x41, 0x01, 0x61]));
      for (let n = 0; n < 400; n++) client.frame(0, 0x8, 1, Buffer.concat([Buffer.from([200]), Buffer.from('x'), Buffer.alloc(200)])); // prettier-ignore
    },
    'headers without end': (client) => {
      client.get(1, Buffer.alloc(0), 0x1);
      const field = Buffer.concat([Buffer.from([0x40, 0x02, 0x78, 0x61, 0x7f, 0xe1, 0x07]), Buffer.alloc(1120, 'a')]);
      for (let n = 0; n < 1_000; n++) client.frame(9, 0, 1, field);
    },
    'more requests at once than it may': (client) => {
      for (let n = 0; n < 1_000; n++) client.get(2 * n + 1);
    },
  };

  it.each(Object.entries(attacks))('is cut off: %s', async (_, attack) => {
    const client = new RawHttp2(gateway.port);
    attack(client);
    await Promise.race([
      client.closed,
      until(
        () => client.goaway,
        (code) => code !== undefined,
      ),
    ]);
    client.end();
    const other = await openHttp2(gateway.http);
    expect((await ask(other, { ':path': '/' })).status).toBe(200);
    other.destroy();
  });

  it('is told from one that makes room for what it gets, frame by frame', async () => {
    const client = new RawHttp2(gateway.port);
    for (let n = 0; n < 50; n++) {
      client.get(2 * n + 1);
      client.frame(8, 0, 0, Buffer.from([0, 0, 0, 9]));
      client.frame(8, 0, 2 * n + 1, Buffer.from([0, 0, 0, 9]));
    }
    await until(
      () => client.answered.length,
      (count) => count === 50,
    );
    const other = await openHttp2(gateway.http);
    const upload = ask(other, { ':path': '/upload', ':method': 'POST' }, Buffer.alloc(300_000));
    expect((await upload).status).toBe(200);
    expect(client.goaway).toBeUndefined();
    client.end();
    other.destroy();
  });

  it('is told from one whose body comes in many small pieces', async () => {
    const client = new RawHttp2(gateway.port);
    client.frame(1, 0x4, 1, Buffer.from([0x83, 0x86, 0x84, 0x41, 0x01, 0x61]));
    for (let n = 0; n < 3_000; n++) client.frame(0, 0, 1, Buffer.from('word'));
    client.frame(0, 0x1, 1, Buffer.alloc(0));
    client.get(3);
    await until(
      () => client.answered,
      (streams) => streams.includes(1) && streams.includes(3),
    );
    // Twice as long as it takes until somebody looks.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    client.get(5);
    await until(
      () => client.answered,
      (streams) => streams.includes(5),
    );
    expect(client.goaway).toBeUndefined();
    client.end();
  });

  it('is told from one that does it now and then', async () => {
    const client = new RawHttp2(gateway.port);
    for (let n = 0; n < 20; n++) {
      client.get(2 * n + 1);
      client.frame(3, 0, 2 * n + 1, Buffer.from([0, 0, 0, 8]));
      client.frame(6, 0, 0, Buffer.alloc(8));
    }
    client.get(101);
    await until(
      () => client.answered,
      (streams) => streams.includes(101),
    );
    expect(client.goaway).toBeUndefined();
    client.end();
  });

  it('is cut off when it begins and goes no further', async () => {
    const slow = await aGateway({
      ...everythingTo(upstream.url),
      limits: { headersTimeout: '300ms', keepAliveTimeout: '300ms' },
    });
    const silent = connect(slow.port, '127.0.0.1');
    const half = connect(slow.port, '127.0.0.1');
    half.write('PRI * HTTP/2.0\r\n');
    const whole = new RawHttp2(slow.port);
    await Promise.all([once(silent, 'close'), once(half, 'close'), whole.closed]);
    await slow.stop();
  });
});

describe('a gateway that stops', () => {
  it('lets the requests of HTTP/2 end, and takes no more', async () => {
    const stopping = await aGateway(everythingTo(upstream.url));
    const session = await openHttp2(stopping.http);
    const running = ask(session, { ':path': '/hold' });
    await until(
      () => upstream.requests.length,
      (count) => count > 0,
    );
    const stopped = stopping.stop();
    const closing = once(session, 'goaway');
    await closing;
    release();
    expect(await running).toMatchObject({ status: 200, body: 'at last' });
    await stopped;
  });
});

describeWith(['openssl'], 'a gateway with a certificate', () => {
  let authority: Authority;
  let first: Certificate;
  let second: Certificate;
  let secure: GatewayUnderTest;
  let url: string;

  beforeAll(async () => {
    authority = new Authority();
    first = authority.certify('first');
    second = authority.certify('second');
    const { certFile, keyFile } = authority.certify('in-use');
    copyFileSync(first.certFile, certFile);
    copyFileSync(first.keyFile, keyFile);
    secure = await aGateway({ ...everythingTo(upstream.url), listen: { port: 0, tls: { certFile, keyFile } } });
    url = `https://127.0.0.1:${secure.port}`;
  });
  afterAll(async () => {
    await secure.stop();
    authority.remove();
  });

  const nameOnCertificate = async (): Promise<string> => {
    const socket = connectTls({ port: secure.port, host: '127.0.0.1', ca: authority.ca, ALPNProtocols: ['h2'] });
    await once(socket, 'secureConnect');
    const { CN } = socket.getPeerCertificate().subject;
    socket.destroy();
    return String(CN);
  };

  it('speaks HTTP/2 to who offers it, and says that it was https', async () => {
    const session = await openHttp2(url, { ca: authority.ca });
    expect((session.socket as TLSSocket).alpnProtocol).toBe('h2');
    expect(await ask(session, { ':path': '/' })).toMatchObject({ status: 200 });
    expect(upstream.requests.at(-1)?.headers['x-forwarded-proto']).toBe('https');
    session.close();
  });

  it('speaks HTTP/1.1 to who does not', async () => {
    const [answer] = (await once(httpsGet(`${url}/x`, { ca: authority.ca, agent: false }), 'response')) as [
      IncomingMessage,
    ];
    expect([answer.statusCode, answer.httpVersion]).toEqual([200, '1.1']);
    expect(upstream.requests.at(-1)?.headers['x-forwarded-proto']).toBe('https');
    answer.resume();
  });

  it('does not speak to who wants to do without', async () => {
    expect(statusOf(await sendRaw(secure.port, request('GET / HTTP/1.1')))).not.toBe(200);
  });

  it('takes a new certificate as soon as it is there, without dropping a connection', async () => {
    expect(await nameOnCertificate()).toBe('first');
    const session = await openHttp2(url, { ca: authority.ca });
    const { certFile, keyFile } = {
      certFile: first.certFile.replace('first', 'in-use'),
      keyFile: first.keyFile.replace('first', 'in-use'),
    };
    copyFileSync(second.certFile, certFile);
    copyFileSync(second.keyFile, keyFile);
    await until(nameOnCertificate, (name) => name === 'second');
    expect(await ask(session, { ':path': '/' })).toMatchObject({ status: 200 });
    session.close();
  });
});
