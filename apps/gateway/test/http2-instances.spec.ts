import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  createSecureServer,
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo } from 'node:net';

import { describeWith, until } from '@libs/testing';

import { Authority } from './certificates.fixture.js';
import { aGateway, everythingTo, type GatewayUnderTest } from './gateway.fixture.js';
import { answerOn, ask, openHttp2 } from './http2-client.fixture.js';
import { readAll } from './upstream.fixture.js';

const mebibyte = randomBytes(1024 * 1024);

type Serve = (request: Http2ServerRequest, response: Http2ServerResponse) => unknown;

/** A service that speaks HTTP/2 without TLS. */
async function anHttp2Upstream(serve: Serve, server: Http2Server = createServer()) {
  const requests: Http2ServerRequest[] = [];
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  server.on('request', (request: Http2ServerRequest, response: Http2ServerResponse) => {
    requests.push(request);
    // Over HTTP/1.1 there is no stream.
    (request.stream as Http2ServerRequest['stream'] | undefined)?.on('error', () => undefined);
    void Promise.resolve(serve(request, response)).catch(() => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sessions,
    close: async () => {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('an instance that speaks HTTP/2', () => {
  let upstream: Awaited<ReturnType<typeof anHttp2Upstream>>;
  let gateway: GatewayUnderTest;
  let gone = 0;

  beforeAll(async () => {
    upstream = await anHttp2Upstream(async (request, response) => {
      const [path] = request.url.split('?');
      if (path === '/cookies') {
        response
          .writeHead(200, { 'set-cookie': ['a=1', 'b=2'], 'content-length': '2', 'x-user-id': 'forged' })
          .end('ok');
      } else if (path === '/download') {
        for (let n = 0; n < 32; n++) if (!response.write(mebibyte)) await once(response, 'drain');
        response.end();
      } else if (path === '/hold') request.stream.once('close', () => gone++);
      else if (path === '/hints') {
        response.writeEarlyHints({ link: '</a.css>; rel=preload' });
        response.end('ok');
      } else if (path === '/refuse') request.stream.close(7);
      else if (path === '/break') {
        response.write('half');
        setTimeout(() => request.stream.close(2), 50);
      } else if (path === '/early') {
        response.writeHead(413).end('too much');
      } else if (path === '/grpc-error') {
        request.stream.respond(
          { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '9', 'grpc-message': 'not today' },
          { endStream: true },
        );
      } else if (path === '/echo') {
        // Word by word, before the request has ended.
        response.writeHead(200, { 'content-type': 'application/grpc' });
        request.on('data', (chunk: Buffer) => response.write(chunk));
        request.on('end', () => {
          response.addTrailers({
            'grpc-status': '0',
            'x-received': JSON.stringify(request.trailers),
            'x-roles': 'forged',
          });
          response.end();
        });
      } else if (path === '/none') response.writeHead(204).end();
      else response.end(await readAll(request));
    });
    gateway = await aGateway({
      ...everythingTo(upstream.url, { protocol: 'http2', timeouts: { headers: '500ms' }, retries: 0 }),
      limits: { bodyBytes: '64MiB' },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await upstream.close();
  });
  beforeEach(() => void (upstream.requests.length = 0));

  it('is asked what a client of HTTP/1.1 asks', async () => {
    const response = await fetch(`${gateway.http}/a?b=c`, { method: 'POST', body: 'body', headers: { 'x-mine': '1' } });
    expect([response.status, await response.text()]).toEqual([200, 'body']);
    const [seen] = upstream.requests;
    expect(seen?.headers).toMatchObject({
      ':method': 'POST',
      ':path': '/a?b=c',
      ':authority': new URL(upstream.url).host,
      'x-mine': '1',
      'content-length': '4',
      'x-auth-method': 'none',
    });
    for (const name of ['connection', 'host', 'transfer-encoding', 'keep-alive'])
      expect(seen?.headers).not.toHaveProperty(name);
  });

  it('has its answer passed on, with what may pass', async () => {
    const response = await fetch(`${gateway.http}/cookies`);
    expect([response.headers.getSetCookie(), await response.text()]).toEqual([['a=1', 'b=2'], 'ok']);
    expect(response.headers.has('x-user-id')).toBe(false);
    expect((await fetch(`${gateway.http}/none`)).status).toBe(204);
    expect(await (await fetch(`${gateway.http}/x`, { method: 'HEAD' })).text()).toBe('');
  });

  it('carries many requests on one connection', async () => {
    const bodies = Array.from({ length: 300 }, (_, n) => `body ${n}`);
    const answers = await Promise.all(
      bodies.map(async (body) => (await fetch(`${gateway.http}/x`, { method: 'POST', body })).text()),
    );
    expect(answers).toEqual(bodies);
    expect(upstream.sessions.size).toBeLessThanOrEqual(8);
  });

  it('streams as fast as it is read', async () => {
    const response = await fetch(`${gateway.http}/download`);
    let bytes = 0;
    for await (const chunk of response.body ?? []) bytes += (chunk as Uint8Array).length;
    expect(bytes).toBe(32 * mebibyte.length);
  });

  it('talks with the client while the client talks, with trailers at both ends', async () => {
    const session = await openHttp2(gateway.http);
    const stream = session.request(
      { ':path': '/echo', ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-last': 'word', 'x-user-id': 'forged' }));
    let heard = '';
    const answer = answerOn(stream);
    stream.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    for (const word of ['one ', 'two ', 'three']) {
      stream.write(word);
      await until(
        () => heard,
        (text) => text.endsWith(word),
      );
    }
    stream.end();
    const { body, trailers } = await answer;
    expect([body, trailers['grpc-status'], trailers['x-roles']]).toEqual(['one two three', '0', undefined]);
    expect(JSON.parse(String(trailers['x-received']))).toEqual({ 'x-last': 'word' });
    expect(upstream.requests[0]?.headers.te).toBe('trailers');
    session.close();
  });

  it('says in its head alone that a call has failed, and the client hears it so', async () => {
    const session = await openHttp2(gateway.http);
    const stream = session.request({ ':path': '/grpc-error', ':method': 'POST', 'content-type': 'application/grpc' });
    const ended = once(stream, 'response') as Promise<[Record<string, unknown>, number]>;
    stream.end('x');
    const [headers, flags] = await ended;
    expect([headers['grpc-status'], headers['grpc-message'], flags & 1]).toEqual(['9', 'not today', 1]);
    session.destroy();
  });

  it('is told of a refusal of the gateway in words of gRPC', async () => {
    const closed = await aGateway({ routes: [] });
    const session = await openHttp2(closed.http);
    const answer = await ask(
      session,
      { ':path': '/a.B/C', ':method': 'POST', 'content-type': 'application/grpc+proto' },
      'x',
    );
    expect([answer.status, answer.trailers['grpc-status'], answer.headers['content-type']]).toEqual([
      200,
      '12',
      'application/grpc',
    ]);
    session.destroy();
    await closed.stop();
  });

  it('passes early hints on', async () => {
    const session = await openHttp2(gateway.http);
    expect((await ask(session, { ':path': '/hints' })).interim).toMatchObject([{ ':status': 103 }]);
    session.close();
  });

  it('is left alone when the client is gone', async () => {
    const before = gone;
    const leaving = new AbortController();
    const asked = fetch(`${gateway.http}/hold`, { signal: leaving.signal }).catch(() => undefined);
    await until(
      () => upstream.requests.length,
      (count) => count === 1,
    );
    leaving.abort();
    await asked;
    await until(
      () => gone,
      (count) => count === before + 1,
    );
  });

  it.each([
    { how: 'refuses a stream', path: '/refuse', status: 502, flag: 'upstream_reset' },
    { how: 'says nothing', path: '/hold', status: 504, flag: 'upstream_header_timeout' },
  ])('and $how is answered for in time', async ({ path, status, flag }) => {
    const line = gateway.log.next();
    const response = await fetch(gateway.http + path);
    expect([response.status, await line]).toEqual([status, expect.objectContaining({ flag })]);
  });

  it('and breaks off in the middle does not look like one that finished', async () => {
    const line = gateway.log.next();
    await expect(fetch(`${gateway.http}/break`).then((response) => response.text())).rejects.toThrow();
    expect(await line).toMatchObject({ flag: 'upstream_reset' });
  });

  it('and answers before it has read all has its answer passed on', async () => {
    const response = await fetch(`${gateway.http}/early`, { method: 'POST', body: Buffer.alloc(8 * 1024 ** 2) });
    expect([response.status, await response.text()]).toEqual([413, 'too much']);
  });

  it('and refuses what it has not worked on has it done by another, whatever it is', async () => {
    const refusing = await anHttp2Upstream((request) => request.stream.close(7));
    const both = await aGateway(
      everythingTo(upstream.url, { protocol: 'http2', instances: [{ url: refusing.url }, { url: upstream.url }] }),
    );
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++) statuses.push((await fetch(`${both.http}/x`, { method: 'POST' })).status);
    expect(statuses).toEqual(Array(6).fill(200));
    await both.stop();
    await refusing.close();
  });

  it('and goes away is found again, without a request lost in between', async () => {
    for (let n = 0; n < 5; n++) {
      expect((await fetch(`${gateway.http}/x`)).status).toBe(200);
      for (const session of upstream.sessions) session.close();
      await until(
        () => upstream.sessions.size,
        (count) => count === 0,
      );
    }
  });
});

describeWith(['openssl'], 'instances behind TLS', () => {
  let authority: Authority;
  let strangers: Authority;
  beforeAll(() => {
    authority = new Authority();
    strangers = new Authority();
  });
  afterAll(() => {
    authority.remove();
    strangers.remove();
  });

  describe.each(['http1', 'http2'] as const)('that speak %s', (protocol) => {
    let upstream: Awaited<ReturnType<typeof anHttp2Upstream>>;

    beforeAll(async () => {
      const { cert, key } = authority.certify('instance', 'DNS:instance.test');
      const server = createSecureServer({
        cert,
        key,
        ca: authority.ca,
        requestCert: true,
        rejectUnauthorized: true,
        allowHTTP1: true,
      });
      upstream = await anHttp2Upstream((request, response) => response.end(request.httpVersion), server);
    });
    afterAll(() => upstream.close());

    const asking = async (tls: object): Promise<{ status: number; text: string }> => {
      const url = upstream.url.replace('http:', 'https:');
      const gateway = await aGateway(everythingTo(url, { protocol, tls }));
      const response = await fetch(`${gateway.http}/x`);
      const text = await response.text();
      await gateway.stop();
      return { status: response.status, text };
    };

    it('are asked by a gateway that shows its certificate', async () => {
      const { certFile, keyFile } = authority.certify('gateway');
      const answer = await asking({ caFile: authority.caFile, certFile, keyFile, serverName: 'instance.test' });
      expect(answer).toEqual({ status: 200, text: protocol === 'http1' ? '1.1' : '2.0' });
    });

    it.each([
      { who: 'are not asked when their certificate has another name', change: { serverName: 'other.test' } },
      { who: 'are not asked when nobody known signed it', change: { caFile: undefined } },
    ])('$who', async ({ change }) => {
      const { certFile, keyFile } = authority.certify('gateway');
      const { status } = await asking({
        caFile: authority.caFile,
        certFile,
        keyFile,
        serverName: 'instance.test',
        ...change,
      });
      expect(status).toBe(503);
    });

    it('do not answer a stranger', async () => {
      const { certFile, keyFile } = strangers.certify('stranger');
      const { status } = await asking({ caFile: authority.caFile, certFile, keyFile, serverName: 'instance.test' });
      expect([502, 503]).toContain(status);
    });
  });
});
