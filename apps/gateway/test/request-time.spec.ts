import { jest } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { aFolder, aLiveGateway, type LiveGateway, onAnyPort, replaceFile } from './live-gateway.fixture.js';
import { anUpstream, readAll, type Upstream } from './upstream.fixture.js';

jest.setTimeout(60_000);

let upstream: Upstream;
let folder: string;
let gateway: LiveGateway;

beforeAll(async () => {
  upstream = await anUpstream((request, response) => {
    readAll(request).then(
      (body) => response.end(String(body.length)),
      () => undefined,
    );
  });
  folder = aFolder();
});
afterAll(async () => {
  await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

const route = (id: string, more = ''): string =>
  `  - { id: ${id}, path: /${id}, service: ${id === 'of-service' ? 'slow' : 'echo'}, access: { authenticated: false }${more} }\n`;

const configuration = (requestTimeout: string, ...routes: string[]): string =>
  onAnyPort(
    `limits: { headersTimeout: 5s, requestTimeout: ${requestTimeout} }\n` +
      `services:\n  echo: { instances: [{ url: '${upstream.url}' }] }\n` +
      `  slow: { instances: [{ url: '${upstream.url}' }], timeouts: { total: 20s } }\n` +
      `routes:\n${routes.join('')}`,
  );

const pieceMs = 50;
/** Longer than the limit for all, and than what may pass until somebody looks. */
const pieces = 24;

/** A body that comes slowly: as a whole, or for ever until there is an answer. */
const uploads: Record<string, (path: string, isEndless: boolean) => Promise<number>> = {
  'HTTP/1.1': async (path, isEndless) => {
    let heard = '';
    const socket = connect(gateway.port, '127.0.0.1').setEncoding('latin1');
    socket.on('error', () => undefined);
    socket.on('data', (text: string) => (heard += text));
    socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`);
    for (let n = 0; heard === '' && (isEndless || n < pieces); n++) {
      socket.write('1\r\nx\r\n');
      await wait(pieceMs);
    }
    if (heard === '') socket.write('0\r\n\r\n');
    while (heard === '') await wait(5);
    socket.destroy();
    return Number(/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1]);
  },
  'HTTP/2': async (path, isEndless) => {
    const session = connectHttp2(gateway.http);
    const stream = session.request({ ':method': 'POST', ':path': path });
    let status = 0;
    stream.on('response', (headers) => (status = Number(headers[':status'])));
    stream.on('error', () => undefined);
    stream.resume();
    for (let n = 0; status === 0 && (isEndless || n < pieces); n++) {
      stream.write('x');
      await wait(pieceMs);
    }
    stream.end();
    while (status === 0) await wait(5);
    session.destroy();
    return status;
  },
};

describe.each(Object.entries(uploads))('the time for a request over %s', (_, upload) => {
  beforeAll(async () => {
    writeFileSync(
      join(folder, 'gateway.yaml'),
      configuration('300ms', route('short'), route('shorter', ', timeouts: { total: 200ms }'), route('long', ', timeouts: { total: 20s }'), route('of-service')), // prettier-ignore
    );
    gateway = await aLiveGateway(folder);
  });
  afterAll(() => gateway.stop());

  it('is that for all, where a route says nothing', async () => {
    expect(await upload('/short', true)).toBe(408);
  });

  it('is that of the route, where it has a longer one', async () => {
    expect(await upload('/long', false)).toBe(200);
  });

  it('is that of the service of the route, where that is longer', async () => {
    expect(await upload('/of-service', false)).toBe(200);
  });

  it('ends sooner where the route is to be over sooner', async () => {
    expect([408, 504]).toContain(await upload('/shorter', true));
  });

  it('is what the newest configuration says, without a restart', async () => {
    replaceFile(
      join(folder, 'gateway.yaml'),
      configuration('300ms', route('short', ', timeouts: { total: 20s }'), route('long')),
    );
    await gateway.until(({ configuration: { routes } }) => routes.length === 2);
    expect(await upload('/short', false)).toBe(200);
    expect(await upload('/long', true)).toBe(408);

    replaceFile(join(folder, 'gateway.yaml'), configuration('20s', route('long')));
    const { pendingRestart } = await gateway.until(({ configuration: { routes } }) => routes.length === 1);
    expect(pendingRestart).toEqual([]);
    expect(await upload('/long', false)).toBe(200);
  });
});
