import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { aGateway, type GatewayUnderTest } from './gateway.fixture.js';
import { ask, openHttp2 } from './http2-client.fixture.js';
import { request, sendRaw, statusOf } from './raw-client.fixture.js';
import { anUpstream, type Upstream } from './upstream.fixture.js';

const openapi = join(mkdtempSync(join(tmpdir(), 'gateway-')), 'openapi.json');
writeFileSync(openapi, '{"openapi":"3.1.0"}');

let upstream: Upstream;
let gateway: GatewayUnderTest;

beforeAll(async () => {
  upstream = await anUpstream((received, response) => {
    if (received.url === '/auth/login') response.writeHead(401).end('{}');
    else response.end(received.url);
  });
  const open = { authenticated: false };
  gateway = await aGateway({
    openapi,
    services: {
      echo: { instances: [{ url: upstream.url }] },
      gone: { instances: [{ url: 'http://127.0.0.1:1' }] },
      secret: { instances: [{ url: 'http://127.0.0.1:1' }], listed: false },
    },
    routes: [
      { id: 'projects', path: '/projects/**', service: 'echo' },
      { id: 'files', path: '/files/{id}', methods: ['GET', 'PUT'], service: 'echo', access: open },
      {
        id: 'jwks',
        path: '/.well-known/jwks.json',
        rewrite: '/auth/.well-known/jwks.json',
        service: 'echo',
        access: open,
      },
      { id: 'stripped', path: '/v1/**', rewrite: '/**', service: 'echo', access: open },
      { id: 'login', path: '/auth/login', service: 'echo', access: open },
    ],
  });
});

afterAll(async () => {
  await gateway.stop();
  await upstream.close();
});

beforeEach(() => void (upstream.requests.length = 0));

const send = async (method: string, path: string): Promise<Response> => fetch(gateway.http + path, { method });

describe('routing', () => {
  it('finds nothing where no route is, with a problem that has the ids of the request', async () => {
    const line = gateway.log.next();
    const response = await send('GET', '/nothing?secret=1');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const problem = (await response.json()) as { code: string; requestId: string; instance: string };
    expect(problem).toMatchObject({ code: 'ROUTE_NOT_FOUND', instance: '/nothing' });
    expect(response.headers.get('x-request-id')).toBe(problem.requestId);
    expect(await line).toMatchObject({
      request_id: problem.requestId,
      trace_id: response.headers.get('x-trace-id'),
      service: 'gateway',
      route: '',
      method: 'GET',
      path: '/nothing',
      status: 404,
      flag: 'route_not_found',
    });
  });

  it('logs what was forwarded, with all fields', async () => {
    const line = gateway.log.next();
    await (await send('PUT', '/files/7?a=b')).text();
    expect(await line).toEqual({
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      service: 'gateway',
      route: 'files',
      method: 'PUT',
      path: '/files/7',
      status: 200,
      latency_ms: expect.any(Number),
      upstream_ms: expect.any(Number),
      instance: upstream.url,
      user_id: '',
      tenant_id: '',
      client_address: '127.0.0.1',
      bytes_in: 0,
      bytes_out: 12,
      flag: '',
    });
  });

  it('says which methods there are', async () => {
    const response = await send('DELETE', '/files/7');
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, PUT');
  });

  it('answers OPTIONS itself where no route takes it', async () => {
    const response = await send('OPTIONS', '/files/7');
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'GET, HEAD, PUT, OPTIONS']);
    expect(response.headers.get('x-request-id')).not.toBeNull();
  });

  it('answers OPTIONS about the gateway as a whole', async () => {
    const every = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
    const answer = await sendRaw(gateway.port, request('OPTIONS * HTTP/1.1'));
    expect(statusOf(answer)).toBe(204);
    expect(answer).toContain(`allow: ${every}\r\n`);

    const session = await openHttp2(gateway.http);
    const { status, headers } = await ask(session, { ':method': 'OPTIONS', ':path': '*' });
    expect([status, headers['allow'], headers['x-request-id']]).toEqual([204, every, expect.any(String)]);
    session.close();
  });

  it('rewrites paths', async () => {
    expect(await (await send('GET', '/.well-known/jwks.json?x')).text()).toBe('/auth/.well-known/jwks.json?x');
    expect(await (await send('GET', '/v1/a/b')).text()).toBe('/a/b');
  });

  it('lets no rewrite lead to what is never reachable', async () => {
    for (const path of ['/v1/internal/users', '/v1//Internal', '/v1/actuator']) {
      expect(statusOf(await sendRaw(gateway.port, request(`GET ${path} HTTP/1.1`)))).toBe(404);
    }
    expect(upstream.requests).toHaveLength(0);
  });

  it('asks for credentials where the route does not say otherwise', async () => {
    const response = await send('GET', '/projects');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(upstream.requests).toHaveLength(0);
  });

  it('adds a challenge to a 401 of a service that has none', async () => {
    const response = await send('POST', '/auth/login');
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it('lets the earlier stage speak first when several would refuse', async () => {
    const statuses = await Promise.all(
      [
        'POST /internal%2f HTTP/1.1',
        'POST /internal HTTP/1.1',
        'POST /files/1 HTTP/1.1',
        'POST /projects HTTP/1.1',
      ].map(async (line) =>
        statusOf(await sendRaw(gateway.port, request(line, 'Authorization: Bearer bad', 'Content-Length: 0'))),
      ),
    );
    expect(statuses).toEqual([400, 404, 405, 401]);
  });
});

describe('what the gateway answers itself', () => {
  it.each(['/health', '/ready', '/public/status', '/public/services', '/openapi.json'])(
    'is there at %s',
    async (path) => {
      const response = await send('GET', path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      const requestId = response.headers.get('x-request-id');
      expect(requestId).not.toBeNull();
      // A probe that found all well has no line.
      if (!['/health', '/ready'].includes(path)) expect(await gateway.log.of(requestId)).toMatchObject({ path });
      expect((await send('POST', path)).status).toBe(405);
    },
  );

  it('tells which public services there are and whether they can be reached', async () => {
    const answer = (await (await send('GET', '/public/services')).json()) as { items: unknown[] };
    expect(answer.items).toEqual([
      { name: 'echo', status: 'available' },
      { name: 'gone', status: 'available' },
    ]);
  });

  it('keeps operators’ addresses off the public port', async () => {
    expect((await send('GET', '/actuator/health')).status).toBe(404);
    expect((await fetch(`${gateway.management}/actuator/health`)).status).toBe(200);
    const metrics = await (await fetch(`${gateway.management}/actuator/prometheus`)).text();
    expect(metrics).toContain('gateway_flagged_requests_total{flag="route_not_found"');
  });
});
