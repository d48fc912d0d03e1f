import { connect as connectHttp2 } from 'node:http2';

import { aGateway, type GatewayUnderTest } from './gateway.fixture.js';
import { answerOn } from './http2-client.fixture.js';
import { sendRaw } from './raw-client.fixture.js';
import { aTcpUpstream, type Upstream } from './upstream.fixture.js';

const open = { authenticated: false };

let connections = 0;
let upstream: Upstream;
let gateway: GatewayUnderTest;

beforeAll(async () => {
  upstream = await aTcpUpstream((socket) => {
    connections++;
    socket.on('data', (bytes: Buffer) => {
      if (bytes.includes('\r\n\r\n')) socket.write('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n');
    });
  });
  gateway = await aGateway({
    limits: { bodyBytes: '1KiB' },
    rateLimits: {
      slow: { key: 'route', algorithm: 'leaky-bucket', quota: 1, window: '2s', burst: 1, maxDelay: '10s' },
    },
    services: { echo: { instances: [{ url: upstream.url }] } },
    routes: [
      { id: 'all', path: '/**', service: 'echo', access: open },
      { id: 'less', path: '/less', service: 'echo', access: open, bodyBytes: '10B' },
      { id: 'none', path: '/none', service: 'echo', access: open, bodyBytes: '0B' },
      { id: 'more', path: '/more', service: 'echo', access: open, bodyBytes: '1MiB' },
      { id: 'secure', path: '/secure', service: 'echo' },
      { id: 'above', path: '/above/{name}', service: 'echo', access: open, rewrite: '/{name}' },
      { id: 'delayed', path: '/delayed', service: 'echo', access: open, rateLimits: ['slow'], timeouts: { total: '100ms' } }, // prettier-ignore
    ],
  });
});
afterAll(async () => {
  await gateway.stop();
  await upstream.close();
});
beforeEach(() => (connections = 0));

type Fields = Readonly<Record<string, string>>;

/** The heads of a request, of whose body nothing follows. */
const protocols: Record<string, (method: string, path: string, fields: Fields) => Promise<string>> = {
  'HTTP/1.1': async (method, path, fields) => {
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    return sendRaw(gateway.port, `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines.join('')}\r\n`);
  },
  'HTTP/2': async (method, path, fields) => {
    const session = connectHttp2(gateway.http);
    session.on('error', () => undefined);
    const hasBody = Number(fields['content-length'] ?? 0) > 0;
    const stream = session.request({ ':method': method, ':path': path, ...fields }, { endStream: !hasBody });
    stream.once('response', () => stream.close());
    const { status, headers, interim } = await answerOn(stream);
    session.destroy();
    return [...interim.map((fields) => `HTTP/1.1 ${String(fields[':status'])} `), `HTTP/1.1 ${status} ${JSON.stringify(headers)}`].join('\r\n'); // prettier-ignore
  },
};

describe.each(Object.entries(protocols))('what is known from the head over %s', (name, send) => {
  it.each([
    { what: 'a body larger than allowed', path: '/a', fields: { 'content-length': '1025' }, status: 413 },
    { what: 'a huge one', path: '/a', fields: { 'content-length': '9007199254740993' }, status: 413 },
    { what: 'one whose client waits', path: '/a', fields: { 'content-length': '1025', expect: '100-continue' }, status: 413 }, // prettier-ignore
    { what: 'one larger than the route allows', path: '/less', fields: { 'content-length': '11' }, status: 413 },
    { what: 'one where there may be none', path: '/none', fields: { 'content-length': '1' }, status: 413 },
    { what: 'one larger than even this route allows', path: '/more', fields: { 'content-length': '1048577' }, status: 413 }, // prettier-ignore
    { what: 'one from nobody that is known', path: '/secure', fields: { 'content-length': '5', expect: '100-continue' }, status: 401 }, // prettier-ignore
    { what: 'one that leads where no route may lead', path: '/above/internal', fields: { 'content-length': '5', expect: '100-continue' }, status: 404 }, // prettier-ignore
  ])('is refused before anything goes to the service: $what', async ({ path, fields, status }) => {
    const answer = await send('POST', path, fields as unknown as Fields);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(connections).toBe(0);
  });

  it('is not refused where the route allows more than all others', async () => {
    if (name === 'HTTP/2') {
      const session = connectHttp2(gateway.http);
      const stream = session.request({ ':method': 'POST', ':path': '/more' });
      stream.end(Buffer.alloc(64 * 1024));
      expect(await answerOn(stream)).toMatchObject({ status: 204 });
      session.close();
    } else {
      const answer = await fetch(`${gateway.http}/more`, { method: 'POST', body: Buffer.alloc(64 * 1024) });
      expect(answer.status).toBe(204);
    }
  });

  it('goes nowhere when its time is over before its turn comes', async () => {
    await send('GET', '/delayed', {});
    connections = 0;
    const answer = await send('GET', '/delayed', {});
    expect(answer).toMatch(/^HTTP\/1\.1 504 /);
    expect(connections).toBe(0);
  });
});
