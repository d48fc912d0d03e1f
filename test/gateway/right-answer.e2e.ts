import { jest } from '@jest/globals';

import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import { Pool } from 'undici';

import { GatewayProcess } from '../support/gateway-process.js';
import { Load, type Outcome } from '../support/load.js';
import { readStrictly } from '../support/strict-http.js';
import { aTcpUpstream, type Upstream } from '../support/upstream.js';

jest.setTimeout(60_000);

const parts = 2_500;

/** An answer that could be taken for the one to somebody else's request. */
const stray = 'HTTP/1.1 200 OK\r\nX-Id: stray\r\nContent-Length: 5\r\n\r\nstray';

const answerTo = (id: string, filler: number): string => {
  const body = `${id}:${'x'.repeat(filler)}`;
  return `HTTP/1.1 200 OK\r\nX-Id: ${id}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

/** A service that answers each request with its own id, in its own time, and misbehaves as the path asks it to. */
const anEcho = (): Promise<Upstream> =>
  aTcpUpstream((socket) => {
    let bytes = '';
    let answering = Promise.resolve();
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      bytes += text;
      const { requests, unfinished } = readStrictly(bytes);
      if (unfinished !== undefined) return;
      bytes = '';
      for (const { target } of requests) answering = answering.then(() => answer(socket, target));
    });
  });

async function answer(socket: Socket, target: string): Promise<void> {
  const [, how = '', id = ''] = target.split('/');
  const n = Number(id);
  await wait(n % 7);
  if (socket.destroyed) return;
  const whole = answerTo(id, (n * 37) % 3_000);
  if (how === 'in-pieces') {
    const middle = n % whole.length;
    socket.write(whole.slice(0, middle));
    await wait(n % 3);
    socket.write(whole.slice(middle));
  } else if (how === 'half') {
    socket.end(whole.slice(0, -1));
  } else if (how === 'too-much') {
    socket.write(whole + stray);
  } else if (how === 'too-late') {
    socket.write(whole);
    socket.write(stray);
  } else {
    socket.write(whole);
  }
}

/** What a client that sent `id` may get: its own answer in full, or none. */
function judge(id: string, answered: string | undefined, body: string): Outcome {
  if (answered !== id || !body.startsWith(`${id}:`)) return `the answer to ${answered ?? 'nobody'}`;
  return body.length === `${id}:`.length + ((Number(id) * 37) % 3_000) ? '' : 'a part of the answer';
}

describe('thousands of clients at once', () => {
  let upstreams: Upstream[];
  let gateway: GatewayProcess;

  beforeAll(async () => {
    upstreams = await Promise.all([1, 2, 3, 4].map(() => anEcho()));
    const [first = '', second = '', ...liars] = upstreams.map(({ url }) => url);
    // On a busy machine it takes a while until one of so few connections is free.
    const timeouts = { connect: '20s' };
    // Few connections, so that each carries the requests of many clients.
    const service = (urls: readonly string[]) => ({
      instances: urls.map((url) => ({ url })),
      connections: 8,
      timeouts,
    });
    gateway = await GatewayProcess.start({
      services: { weak: service([first, second]), lying: service(liars) },
      routes: ['weak', 'lying'].map((name) => ({
        id: name,
        path: '/**',
        headers: [{ name: 'x-service', is: name }],
        service: name,
        access: { authenticated: false },
      })),
    });
  });
  afterAll(async () => {
    await gateway?.dispose();
    await Promise.all(upstreams.map((upstream) => upstream.close()));
  });

  it.each([
    { service: 'weak', does: 'answers slowly and breaks off', ways: ['whole', 'in-pieces', 'half', 'whole', 'leave'] },
    {
      service: 'lying',
      does: 'says more than its length',
      ways: ['whole', 'too-much', 'in-pieces', 'too-late', 'leave'],
    },
  ])('get their own answers, and none that nobody asked for, from a service that $does', async ({ service, ways }) => {
    const pool = new Pool(gateway.url, { connections: 64 });
    let good = 0;
    const load = new Load({ clients: 64 }, async (n) => {
      const how = ways[n % ways.length] ?? '';
      const gone = how === 'leave' ? AbortSignal.timeout(n % 9) : null;
      try {
        const { statusCode, headers, body } = await pool.request({
          path: `/${how}/${n}`,
          method: 'GET',
          headers: { 'x-service': service },
          signal: gone,
        });
        const text = await body.text();
        if (statusCode !== 200) return statusCode < 500 ? `status ${statusCode}` : '';
        good++;
        return judge(String(n), headers['x-id'] as string, text);
      } catch {
        // A connection that breaks is no answer.
        return ['half', 'too-much', 'too-late', 'leave'].includes(how) ? '' : `no answer to ${how}`;
      }
    });
    while (load.requests < parts) await wait(20);
    const report = await load.stop();
    await pool.close();
    expect(report).toEqual({ requests: expect.any(Number), failed: 0, failures: {} });
    expect(good).toBeGreaterThan(report.requests / 3);
  });

  it('get them in the order of their requests, when they send several in one go', async () => {
    const clients = Array.from({ length: 20 }, async (_, client) => {
      const ids = Array.from({ length: 20 }, (_, n) => 100_000 + client * 100 + n);
      const requests = ids.map((id, n) => {
        const last = n === ids.length - 1 ? 'Connection: close\r\n' : '';
        return `GET /in-pieces/${id} HTTP/1.1\r\nHost: a\r\nX-Service: weak\r\n${last}\r\n`;
      });
      const socket = connect(gateway.port, '127.0.0.1').setEncoding('latin1');
      socket.write(requests.join(''));
      let text = '';
      for await (const chunk of socket) text += chunk as string;
      const answered = [...text.matchAll(/^x-id: (\d+)\r$/gim)].map(([, id]) => Number(id));
      expect(answered).toEqual(ids);
    });
    await Promise.all(clients);
  });
});
