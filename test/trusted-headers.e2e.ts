import { jest } from '@jest/globals';

import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '@libs/testing';

import { built } from './support/built.js';
import { Child } from './support/child.js';

jest.setTimeout(30_000);

/** Each header name that a client might use to say who it is; a backend in any language must see ours alone. */
const claims = [
  'x-user-id',
  'x-user-name',
  'x-active',
  'x-roles',
  'x-scopes',
  'x-session-id',
  'x-auth-method',
  'x-api-key-id',
];
const spellings = (name: string): string[] => [
  name,
  name.toUpperCase(),
  name.replaceAll('-', '_'),
  name.replaceAll('-', '.'),
  name.replace('-', '_'),
  name.toUpperCase().replaceAll('-', '_'),
];

describe('whatever spelling of an identity header the client sends', () => {
  let folder: string;
  let upstream: Server;
  let gateway: Child;
  let port: number;
  const arrived: string[][] = [];

  beforeAll(async () => {
    upstream = createServer((request, response) => {
      request.resume().on('end', () => {
        arrived.push([...request.rawHeaders, ...request.rawTrailers]);
        response.end('ok');
      });
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const address = upstream.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    port = await freePort();
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
    // The gateway alone, as `npm run gateway -- --config my.yaml` starts it: no database, no Redis, nobody's services.
    const config = join(folder, 'my.yaml');
    writeFileSync(
      config,
      `listen: { host: 127.0.0.1, port: ${port} }
management: { host: 127.0.0.1, port: ${await freePort()} }
services:
  mine: { instances: [{ url: 'http://127.0.0.1:${address.port}' }] }
routes:
  - { id: all, path: /**, service: mine, access: { authenticated: false } }
`,
    );
    gateway = new Child('gateway', built('apps/gateway/src/main.js'), { DATA_DIR: folder }, ['--config', config]);
    await gateway.ready(`http://127.0.0.1:${port}/ready`);
  });
  afterAll(async () => {
    await gateway?.stop();
    upstream.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const send = (head: string[], tail = ''): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => {
        socket.write([...head, '', tail].join('\r\n'), 'latin1');
      });
      socket.setTimeout(5000, () => socket.destroy(new Error('no answer')));
      socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
      socket.on('error', reject).on('close', () => resolve(answer));
    });

  const namesLike = (headers: string[], name: string): string[] =>
    headers.filter((header, index) => index % 2 === 0 && header.toLowerCase().replaceAll(/[_.]/g, '-') === name);

  it.each(claims)('the backend sees only our %s, once', async (name) => {
    for (const spelling of spellings(name)) {
      arrived.length = 0;
      const answer = await send([
        'GET /a HTTP/1.1',
        'Host: localhost',
        `${spelling}: forged`,
        `${spelling}: forged too`,
        `Connection: close, ${spelling}`,
      ]);
      expect(answer).toMatch(/^HTTP\/1\.1 (200|400) /);
      for (const headers of arrived) {
        expect(headers).not.toContain('forged');
        expect(headers).not.toContain('forged too');
        expect(namesLike(headers, name).length).toBeLessThanOrEqual(1);
      }
    }
  });

  it('a trailer tells the backend nothing', async () => {
    arrived.length = 0;
    await send(
      ['POST /a HTTP/1.1', 'Host: localhost', 'Transfer-Encoding: chunked', 'Trailer: X-User-Id', 'Connection: close'],
      '1\r\nx\r\n0\r\nX-User-Id: forged\r\n\r\n',
    );
    expect(arrived).toHaveLength(1);
    expect(arrived.flat()).not.toContain('forged');
  });

  it('the seal, the tenant, the request id and the forwarding headers are ours too', async () => {
    arrived.length = 0;
    await send([
      'GET /a HTTP/1.1',
      'Host: localhost',
      ...[
        'Signature',
        'Signature-Input',
        'X-Tenant-Id',
        'X-Request-Id',
        'X-Trace-Id',
        'X-Forwarded-For',
        'X-Forwarded-Host',
        'Forwarded',
      ].map((name) => `${name}: forged`),
      'Connection: close',
    ]);
    for (const headers of arrived) expect(headers).not.toContain('forged');
  });

  it('the credentials stay at the gate', async () => {
    arrived.length = 0;
    await send(['GET /a HTTP/1.1', 'Host: localhost', 'Cookie: a=b', 'Connection: close']);
    expect(arrived).toHaveLength(1);
    const names = (arrived[0] as string[]).filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    for (const ours of [
      'x-request-id',
      'x-trace-id',
      'traceparent',
      'x-forwarded-for',
      'signature',
      'signature-input',
    ]) {
      expect(names).toContain(ours);
    }
    expect(names).not.toContain('authorization');
  });
});
