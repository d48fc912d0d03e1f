import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import { aGateway, type GatewayUnderTest } from './gateway.fixture.js';
import { aTcpUpstream, type Upstream } from './upstream.fixture.js';

/** What the service does with a body of which it has seen the beginning. */
let serve: (socket: Socket) => void;
let upstream: Upstream;
let gateway: GatewayUnderTest;

const graceMs = 600;

beforeAll(async () => {
  upstream = await aTcpUpstream((socket) => socket.once('data', () => serve(socket)));
  const route = { service: 'echo', access: { authenticated: false } };
  gateway = await aGateway({
    limits: { bodyRate: '1KiB', bodyGrace: `${graceMs}ms`, bodyBytes: '1GiB' },
    services: { echo: { instances: [{ url: upstream.url }] } },
    routes: [
      { id: 'all', path: '/**', ...route },
      { id: 'more', path: '/more', ...route, bodyRate: '64KiB' },
      { id: 'any', path: '/any', ...route, bodyRate: '0B' },
    ],
  });
});
afterAll(async () => {
  await gateway.stop();
  await upstream.close();
});

const reads = (socket: Socket): void => {
  socket.resume();
  socket.on('data', (bytes: Buffer) => {
    if (bytes.includes('the end')) socket.end('HTTP/1.1 204 No Content\r\n\r\n');
  });
};

/** Sends pieces of a body with a pause after each, then its end. Resolves with the status, which may come before that. */
interface Way {
  (path: string, pieces: readonly Buffer[], pauseMs: number): Promise<number>;
}

const ways: Readonly<Record<string, Way>> = {
  'HTTP/1.1': async (path, pieces, pauseMs) => {
    const socket = connect(gateway.port, '127.0.0.1');
    socket.on('error', () => undefined);
    let heard = '';
    const answered = new Promise<void>((resolve) => {
      socket.on('data', (bytes) => void ((heard += bytes.toString('latin1')), resolve()));
      socket.on('close', resolve);
    });
    socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`);
    for (const piece of [...pieces, Buffer.from('the end')]) {
      if (heard !== '' || socket.destroyed) break;
      const isRoom = socket.write(Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')])); // prettier-ignore
      if (!isRoom) await Promise.race([once(socket, 'drain'), answered]);
      await Promise.race([wait(pauseMs), answered]);
    }
    if (heard === '') socket.write('0\r\n\r\n');
    await answered;
    socket.destroy();
    return Number(/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1] ?? 0);
  },
  'HTTP/2': async (path, pieces, pauseMs) => {
    const session = connectHttp2(gateway.http);
    const stream = session.request({ ':method': 'POST', ':path': path });
    let status = 0;
    stream.on('error', () => undefined);
    const answered = new Promise<void>((resolve) => {
      stream.on('response', (headers) => void ((status = Number(headers[':status'])), resolve()));
      stream.on('close', resolve);
    });
    for (const piece of [...pieces, Buffer.from('the end')]) {
      if (status !== 0 || stream.destroyed) break;
      if (!stream.write(piece)) await Promise.race([once(stream, 'drain'), answered]);
      await Promise.race([wait(pauseMs), answered]);
    }
    stream.end();
    await answered;
    session.destroy();
    return status;
  },
};

const piecesOf = (count: number, bytes: number): Buffer[] =>
  Array.from({ length: count }, () => Buffer.alloc(bytes, 'x'));

describe.each(Object.entries(ways))('a body over %s', (_, send) => {
  beforeEach(() => void (serve = reads));

  it('may take its time while it brings what it must', async () => {
    expect(await send('/x', piecesOf(20, 1024), 100)).toBe(204);
  });

  it('is given up when it brings less, however steadily', async () => {
    expect(await send('/x', piecesOf(200, 8), 100)).toBe(408);
  });

  it('is given up when it brings much, and then nothing', async () => {
    expect(await send('/x', piecesOf(1, 100_000), 60_000)).toBe(408);
  });

  it('must bring what its route asks for', async () => {
    expect(await send('/more', piecesOf(200, 1024), 100)).toBe(408);
    expect(await send('/any', piecesOf(20, 1), 100)).toBe(204);
  });

  it('is not late when it is the service that takes no more of it', async () => {
    // Far more than there is room for on the way.
    serve = (socket) => {
      socket.pause();
      setTimeout(() => reads(socket), 4 * graceMs);
    };
    expect(await send('/x', piecesOf(512, 64 * 1024), 0)).toBe(204);
  });
});
