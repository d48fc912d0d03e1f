import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';

import { catalogue, type ErrorCode } from '@libs/errors';
import { describeWith, freePort, TestAuthority, until } from '@libs/testing';

import { everythingTo, GatewayProcess } from './support/gateway-process.js';
import { type Nginx, startNginx } from './support/nginx.js';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const host = 'Host: localhost\r\nConnection: close\r\n\r\n';

describeWith(['nginx', 'openssl'], 'nginx of the stack', () => {
  let authority: TestAuthority;
  let gateway: Server;
  let nginx: Nginx;
  let slow: Nginx;
  let alone: Nginx;
  const heard: string[] = [];

  beforeAll(async () => {
    authority = await TestAuthority.create();
    const { tlsCaFile, tlsCertFile, tlsKeyFile } = await authority.certify('gateway');
    const certificate = { cert: readFileSync(tlsCertFile), key: readFileSync(tlsKeyFile) };
    gateway = createServer({ ...certificate, maxHeaderSize: 128 * 1024 }, (request, response) => {
      heard.push(request.url ?? '');
      if (request.url === '/large-head') response.setHeader('x-large', 'x'.repeat(64 * 1024 - 512));
      if (request.url === '/breaks-off') request.socket.destroy();
      else if (request.url === '/silent') return;
      else if (request.url === '/refused') response.writeHead(502, { 'x-request-id': 'of-the-gateway' }).end('its own');
      else response.end(`${JSON.stringify(request.headers).length}`);
    });
    await once(gateway.listen(0, '127.0.0.1'), 'listening');
    const url = `https://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
    nginx = await startNginx({
      gateways: [url],
      authority: tlsCaFile,
      environment: { TLS_NAME: 'shop.example.com', HTTP_HOSTS: 'www.example.com,*.shops.example.com' },
    });
    slow = await startNginx({
      gateways: [url],
      authority: tlsCaFile,
      change: (site) => site.replace(/proxy_read_timeout +1d/, 'proxy_read_timeout 1s'),
    });
    alone = await startNginx({ gateways: [`http://127.0.0.1:${await freePort()}`] });
  });
  afterAll(async () => {
    await Promise.all([nginx?.stop(), slow?.stop(), alone?.stop()]);
    gateway?.closeAllConnections();
    gateway?.close();
    authority?.remove();
  });

  async function send(bytes: string, { to = nginx, by = 'https' as 'https' | 'http' | 'http-to-https' } = {}) {
    const port = Number(new URL(by === 'http' ? to.plainUrl : to.url).port);
    const socket: Socket =
      by === 'https'
        ? connectTls({ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false })
        : connect({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    socket.write(bytes);
    return readAnswer(await text(socket));
  }

  it('passes on heads of answers as large as a gateway takes them', async () => {
    const { status, headers } = await send(`GET /large-head HTTP/1.1\r\n${host}`);
    expect([status, headers['x-large']?.length]).toEqual([200, 64 * 1024 - 512]);
  });

  it('passes on addresses and headers that are too large for the gateway, for that to say so', async () => {
    const path = `/${'p'.repeat(9 * 1024)}`;
    const { status, body } = await send(`GET ${path} HTTP/1.1\r\nX-Large: ${'x'.repeat(20 * 1024)}\r\n${host}`);
    expect([status, Number(body) > 20 * 1024, heard.includes(path)]).toEqual([200, true, true]);
  });

  it('lets WebSockets and streams be quiet, and uploads pause, for as long as the gateway does', () => {
    const site = readFileSync('deploy/nginx/gatehouse.conf', 'utf8');
    for (const name of ['proxy_read_timeout', 'proxy_send_timeout', 'client_body_timeout']) {
      expect(site).toMatch(new RegExp(`^ *${name} +1d;$`, 'm'));
    }
  });

  it.each<{
    when: string;
    bytes: string;
    code: ErrorCode;
    instance?: string;
    to?: 'slow' | 'alone';
    by?: 'http' | 'http-to-https';
  }>([
    { when: 'the request is none', bytes: 'GET\r\n\r\n', code: 'REQUEST_MALFORMED', instance: '/' },
    {
      when: 'a header is none',
      bytes: `GET /a HTTP/1.1\r\nno header\r\n${host}`,
      code: 'REQUEST_MALFORMED',
      instance: '/a',
    },
    { when: 'no host is named', bytes: 'GET /a?token=b HTTP/1.1\r\n\r\n', code: 'REQUEST_MALFORMED', instance: '/a' },
    { when: 'the version is another', bytes: `GET /a HTTP/7.1\r\n${host}`, code: 'REQUEST_MALFORMED', instance: '/' },
    {
      when: 'the coding is not known',
      bytes: `POST /a HTTP/1.1\r\nTransfer-Encoding: zip\r\n${host}`,
      code: 'REQUEST_MALFORMED',
      instance: '/a',
    },
    {
      when: 'HTTP comes where HTTPS is spoken',
      bytes: `GET /a HTTP/1.1\r\n${host}`,
      by: 'http-to-https',
      code: 'REQUEST_MALFORMED',
      instance: '/a',
    },
    {
      when: 'the path has quotes',
      bytes: `TRACE /"a" HTTP/1.1\r\n${host}`,
      code: 'ROUTE_METHOD_NOT_ALLOWED',
      instance: '/',
    },
    {
      when: 'the method is TRACE',
      bytes: `TRACE /a?b HTTP/1.1\r\n${host}`,
      code: 'ROUTE_METHOD_NOT_ALLOWED',
      instance: '/a',
    },
    {
      when: 'the address has more than nginx takes',
      bytes: `GET /${'p'.repeat(40 * 1024)} HTTP/1.1\r\n${host}`,
      code: 'REQUEST_URI_TOO_LONG',
      instance: '/',
    },
    {
      when: 'a header has more than nginx takes',
      bytes: `GET /a HTTP/1.1\r\nX-Large: ${'x'.repeat(40 * 1024)}\r\n${host}`,
      code: 'REQUEST_HEADERS_TOO_LARGE',
      instance: '/a',
    },
    {
      when: 'the path is its own',
      bytes: `GET /.refused HTTP/1.1\r\n${host}`,
      code: 'ROUTE_NOT_FOUND',
      instance: '/.refused',
    },
    {
      when: 'plain HTTP is for a host that is none of ours',
      bytes: 'GET /a HTTP/1.1\r\nHost: elsewhere.example.org\r\nConnection: close\r\n\r\n',
      by: 'http',
      code: 'ROUTE_NOT_FOUND',
      instance: '/a',
    },
    {
      when: 'no gateway is there',
      bytes: `POST /a HTTP/1.1\r\nContent-Length: 0\r\n${host}`,
      to: 'alone',
      code: 'UPSTREAM_UNAVAILABLE',
      instance: '/a',
    },
    {
      when: 'the gateway breaks off',
      bytes: `POST /breaks-off HTTP/1.1\r\nContent-Length: 0\r\n${host}`,
      code: 'UPSTREAM_FAILED',
      instance: '/breaks-off',
    },
    {
      when: 'the gateway says nothing',
      bytes: `GET /silent HTTP/1.1\r\n${host}`,
      to: 'slow',
      code: 'UPSTREAM_TIMEOUT',
      instance: '/silent',
    },
  ])(
    'refuses as the gateway does, with the id of a line in its log, when $when',
    async ({ bytes, code, instance, to, by = 'https' as never }) => {
      const sentTo = to === undefined ? nginx : { slow, alone }[to];
      const { status, headers, body } = await send(bytes, { to: sentTo, by });
      const id = headers['x-request-id'];
      expect({ status, type: headers['content-type'], ...JSON.parse(body || '{}') }).toEqual({
        type: `urn:gatehouse:error:${code.toLowerCase().replaceAll('_', '-')}`,
        title: catalogue[code].title,
        status: catalogue[code].status,
        instance,
        code,
        requestId: id,
      });
      expect(headers['content-type']).toBe('application/problem+json');
      expect(id).toMatch(/^[0-9a-f]{32}$/);
      expect(headers['retry-after']).toBe(status === 503 ? '1' : undefined);
      expect(headers['allow']).toEqual(status === 405 ? expect.stringContaining('GET') : undefined);
      // nginx writes the line when it is done with the request, which may be after the answer has come.
      const line = (): unknown => sentTo.refusals().find((one) => one.request_id === id);
      expect(await until(line, (found) => found !== undefined)).toMatchObject({ status, code, path: instance });
    },
  );

  it('reaches a gateway that shows the certificate it has inside', async () => {
    const { tlsCaFile, tlsCertFile: certFile, tlsKeyFile: keyFile } = await authority.certify('gateway');
    const real = await GatewayProcess.start({
      ...everythingTo(['http://127.0.0.1:1']),
      listen: { tls: { certFile, keyFile } },
    });
    const to = await startNginx({ gateways: [real.url.replace('http:', 'https:')], authority: tlsCaFile });
    try {
      const { status, headers } = await send(`GET /health HTTP/1.1\r\n${host}`, { to });
      expect([status, headers['x-request-id'] !== undefined, to.refusals()]).toEqual([200, true, []]);
    } finally {
      await Promise.all([to.stop(), real.dispose()]);
    }
  });

  it('takes no other for the gateway: not by another name, nor of another authority', async () => {
    const others = [await authority.certify('auth-service'), await (await TestAuthority.create()).certify('gateway')];
    for (const { tlsCertFile, tlsKeyFile } of others) {
      const other = createServer(
        { cert: readFileSync(tlsCertFile), key: readFileSync(tlsKeyFile) },
        (request, response) => {
          heard.push(`other: ${request.url}`);
          response.end();
        },
      );
      await once(other.listen(0, '127.0.0.1'), 'listening');
      const url = `https://127.0.0.1:${(other.address() as AddressInfo).port}`;
      const { tlsCaFile } = await authority.certify('gateway');
      const to = await startNginx({ gateways: [url], authority: tlsCaFile });
      try {
        expect((await send(`GET /secret HTTP/1.1\r\n${host}`, { to })).status).toBe(503);
      } finally {
        await to.stop();
        other.closeAllConnections();
        other.close();
      }
    }
    expect(heard).not.toContain('other: /secret');
  });

  it('reads an authority that is replaced, and its own certificate, without being told', async () => {
    const next = await TestAuthority.create();
    const { tlsCaFile, tlsCertFile, tlsKeyFile } = await next.certify('gateway');
    const other = createServer({ cert: readFileSync(tlsCertFile), key: readFileSync(tlsKeyFile) }, (_, response) =>
      response.end('next'),
    );
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const url = `https://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const trusted = join(mkdtempSync(join(tmpdir(), 'gatehouse-ca-')), 'ca.crt');
    writeFileSync(trusted, authority.authority.certificate);
    const to = await startNginx({ gateways: [url], authority: trusted });
    try {
      const ask = async (): Promise<number> => (await send(`GET /a HTTP/1.1\r\n${host}`, { to })).status;
      expect(await ask()).toBe(503);
      writeFileSync(trusted, readFileSync(tlsCaFile));
      expect(await until(ask, (status) => status === 200, 20_000)).toBe(200);
    } finally {
      await to.stop();
      other.closeAllConnections();
      other.close();
      next.remove();
    }
  });

  it('has one text for each refusal, the one of the catalogue', () => {
    const file = readFileSync('deploy/nginx/refusal-texts.conf', 'utf8');
    const titles = [...file.matchAll(/^ {2}(\w+_?\w+) +'(.+)';$/gm)].filter(([, code = '']) => code in catalogue);
    const types = [...file.matchAll(/^ {2}(\w+) +([a-z-]+);$/gm)].filter(([, code = '']) => code in catalogue);
    const codes = [...file.matchAll(/^ {2}(\d+|default) +([A-Z_]+);$/gm)];
    expect(Object.fromEntries(titles.map(([, code = '', title]) => [code, title]))).toEqual(
      Object.fromEntries(codes.map(([, , code = '']) => [code, catalogue[code as ErrorCode].title])),
    );
    expect(types.map(([, code = '']) => code).toSorted()).toEqual(codes.map(([, , code = '']) => code).toSorted());
    for (const [, code = '', type] of types) expect(type).toBe(code.toLowerCase().replaceAll('_', '-'));
    for (const [, status, code] of codes)
      if (status !== 'default') expect(catalogue[code as ErrorCode].status).toBe(Number(status));
  });

  it('leaves what the gateway refuses as it is', async () => {
    const { status, headers, body } = await send(`GET /refused HTTP/1.1\r\n${host}`);
    expect([status, headers['x-request-id']]).toEqual([502, 'of-the-gateway']);
    expect(body).toContain('its own');
  });

  it.each([
    ['localhost', 'localhost'],
    ['localhost:8080', 'localhost'],
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]:8080', '[::1]'],
    ['SHOP.example.com', 'shop.example.com'],
    ['www.example.com', 'www.example.com'],
    ['a.shops.example.com', 'a.shops.example.com'],
  ])('sends plain HTTP for %s to its own port at %s', async (asked, sentTo) => {
    const { status, headers } = await send(`GET /a//b?c=d HTTP/1.1\r\nHost: ${asked}\r\nConnection: close\r\n\r\n`, {
      by: 'http',
    });
    expect([status, headers['location']]).toEqual([308, `https://${sentTo}:${new URL(nginx.url).port}/a//b?c=d`]);
  });

  it.each([
    { HTTPS_PORT: '443', port: '' },
    { HTTPS_PORT: '127.0.0.1:8443', port: ':8443' },
  ])('names the port where it is needed: $HTTPS_PORT', async ({ HTTPS_PORT, port }) => {
    const other = await startNginx({ gateways: ['http://127.0.0.1:1'], environment: { HTTPS_PORT } });
    try {
      const { headers } = await send('GET / HTTP/1.0\r\nHost: localhost\r\n\r\n', { to: other, by: 'http' });
      expect(headers['location']).toBe(`https://localhost${port}/`);
    } finally {
      await other.stop();
    }
  });

  it('does not start with a host that is none', async () => {
    await expect(startNginx({ gateways: ['http://127.0.0.1:1'], environment: { HTTP_HOSTS: "a';" } })).rejects.toThrow(
      /HTTP_HOSTS/,
    );
  });
});

function readAnswer(bytes: string): Answer {
  const [head = '', body = ''] = bytes.split(/\r\n\r\n([^]*)/);
  const [first = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => {
    const [, name = '', value = ''] = /^([^:]+): *(.*)$/.exec(line) ?? [];
    return [name.toLowerCase(), value];
  });
  return { status: Number(first.split(' ')[1]), headers: Object.fromEntries(headers), body };
}
