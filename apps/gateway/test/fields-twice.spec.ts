import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';

import { aGateway, type GatewayUnderTest } from './gateway.fixture.js';
import { ask, openHttp2 } from './http2-client.fixture.js';
import { request, sendRaw } from './raw-client.fixture.js';
import { aTcpUpstream, anUpstream, type Upstream } from './upstream.fixture.js';

/** Fields that may come in several lines because they are lists, and fields that may not but do. */
const ofRequests = [
  'If-Match', 'If-None-Match', 'Accept', 'Accept-Language', 'Cache-Control', 'Via', 'Content-Encoding', 'X-Own',
  'User-Agent', 'Referer', 'Origin', 'Range', 'If-Range', 'If-Modified-Since', 'If-Unmodified-Since', 'Date', 'From',
  'Max-Forwards', 'DNT', 'Access-Control-Request-Method', 'Upgrade-Insecure-Requests', 'ETag', 'Location', 'Age',
  'Content-Location', 'Content-Language', 'Content-MD5', 'Content-Range', 'TK',
]; // prettier-ignore
const ofAnswers = [
  'Vary', 'Link', 'Cache-Control', 'Set-Cookie', 'Content-Encoding', 'Allow', 'X-Own', 'ETag', 'Location', 'Age',
  'Content-Type', 'Expires', 'Last-Modified', 'Retry-After', 'Server', 'Content-Location', 'Content-Range',
  'Access-Control-Allow-Origin', 'Access-Control-Allow-Credentials', 'Access-Control-Max-Age', 'Alt-Svc', 'X-Content-Type-Options',
]; // prettier-ignore

const open = { authenticated: false };
let http1: Upstream;
let http2: { url: string; close(): Promise<void>; seen: Record<string, unknown>[] };
let seen1: Upstream;
let gateway: GatewayUnderTest;

beforeAll(async () => {
  http1 = await aTcpUpstream((socket) => {
    socket.setEncoding('latin1').on('data', (text: string) => {
      const [, method, name] = /^(\w+) \/a\/(\S+)/.exec(text) ?? [];
      const body = method === 'HEAD' ? '' : 'ok';
      socket.write(`HTTP/1.1 200 A\r\n${name}: one\r\n${name}: two\r\nContent-Length: 2\r\n\r\n${body}`);
    });
  });
  seen1 = await anUpstream((_, response) => response.end('ok'));
  const seen: Record<string, unknown>[] = [];
  const server = createHttp2Server((incoming, response) => {
    seen.push(incoming.headers);
    incoming.resume();
    incoming.on('end', () => {
      seen.push(incoming.trailers);
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  http2 = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  gateway = await aGateway({
    services: {
      http1: { instances: [{ url: http1.url }] },
      seen1: { instances: [{ url: seen1.url }] },
      http2: { instances: [{ url: http2.url }], protocol: 'http2' },
    },
    routes: [
      { id: 'answers', path: '/a/**', service: 'http1', access: open },
      { id: 'http1', path: '/http1', service: 'seen1', access: open },
      { id: 'http2', path: '/http2', service: 'http2', access: open },
    ],
  });
});
afterAll(async () => {
  await gateway.stop();
  await http1.close();
  await seen1.close();
  await http2.close();
});

describe.each(ofRequests)('%s in two lines', (name) => {
  it.each(['http1', 'http2'])('reaches an instance that speaks %s, with both', async (protocol) => {
    const answer = await sendRaw(gateway.port, request(`GET /${protocol} HTTP/1.1`, `${name}: one`, `${name}: two`));
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    const headers = protocol === 'http1' ? seen1.requests.at(-1)?.headersDistinct : http2.seen.at(-2);
    const value = String(headers?.[name.toLowerCase()]);
    expect(value).toMatch(/one.*two/);
  });
});

describe.each(ofAnswers)('%s in two lines of an answer', (name) => {
  it.each(['GET', 'HEAD'])('reaches a client, with both, after %s', async (method) => {
    const plain = await sendRaw(gateway.port, request(`${method} /a/${name} HTTP/1.1`));
    expect(plain).toMatch(new RegExp(`^HTTP/1\\.1 200 [^]*${name}: one[^]*${name}: two`, 'i'));

    const session = await openHttp2(gateway.http);
    const { status, headers, rstCode } = await ask(session, { ':method': method, ':path': `/a/${name}` });
    session.close();
    expect({ status, rstCode }).toEqual({ status: 200, rstCode: 0 });
    expect(String(headers[name.toLowerCase()])).toMatch(/one.*two/);
  });
});

describe.each(['X-Own', 'ETag', 'Last-Modified'])('%s in two lines of the trailers', (name) => {
  it('reaches an instance that speaks HTTP/2, with both', async () => {
    const head = 'POST /http2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';
    const answer = await sendRaw(gateway.port, `${head}1\r\nx\r\n0\r\n${name}: one\r\n${name}: two\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(String(http2.seen.at(-1)?.[name.toLowerCase()])).toMatch(/one.*two/);
  });
});
