import { jest } from '@jest/globals';

import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import { everythingTo, GatewayProcess, type WrittenConfiguration } from '../support/gateway-process.js';
import { aTcpUpstream, type Upstream } from '../support/upstream.js';

jest.setTimeout(60_000);

/** Together with what a busy machine adds, an answer must be there in this time, whatever the service does. */
const inTimeMs = 4_000;

/** What the client gets: a status of the gateway, an answer of the service, or half of one and a broken connection. */
type Outcome = 502 | 504 | 'whole' | 'cut';

interface Behaviour {
  readonly does: string;
  readonly speak: (socket: Socket) => unknown;
  readonly gives: readonly Outcome[];
}

/** After the first bytes of a request have arrived. */
const whenAsked = (answer: (socket: Socket) => unknown) => (socket: Socket) =>
  socket.once('data', () => void answer(socket));

const says = (text: string | Buffer) => whenAsked((socket) => socket.write(text));
const saysAndCloses = (text: string) => whenAsked((socket) => socket.end(text));

const ok = (...lines: string[]): string => ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n');

async function drip(socket: Socket, text: string): Promise<void> {
  for (const letter of text) {
    if (socket.destroyed) return;
    socket.write(letter);
    await wait(50);
  }
}

const refused: readonly Outcome[] = [502];

const behaviours: readonly Behaviour[] = [
  { does: 'resets the connection at once', speak: (socket) => socket.resetAndDestroy(), gives: refused },
  { does: 'closes the connection at once', speak: (socket) => socket.end(), gives: refused },
  { does: 'resets when it is asked', speak: whenAsked((socket) => socket.resetAndDestroy()), gives: refused },
  { does: 'closes when it is asked', speak: whenAsked((socket) => socket.end()), gives: refused },
  { does: 'closes in the status line', speak: saysAndCloses('HTTP/1.1 20'), gives: refused },
  { does: 'closes in the headers', speak: saysAndCloses('HTTP/1.1 200 OK\r\nX-A: 1\r\n'), gives: refused },
  { does: 'never answers', speak: () => undefined, gives: [504] },
  { does: 'stalls in the status line', speak: says('HTTP/1.1 20'), gives: [504] },
  { does: 'stalls in the headers', speak: says('HTTP/1.1 200 OK\r\nX-A: 1\r\n'), gives: [504] },
  {
    does: 'lets its headers drip for ever',
    speak: whenAsked((socket) => drip(socket, ok(`X-A: ${'a'.repeat(500)}`))),
    gives: [504, 502],
  },
  {
    does: 'says nothing but "100 Continue", for ever',
    speak: whenAsked(async (socket) => {
      while (!socket.destroyed) {
        socket.write('HTTP/1.1 100 Continue\r\n\r\n');
        await wait(20);
      }
    }),
    gives: [502, 504],
  },
  { does: 'answers garbage', speak: says('garbage garbage garbage\r\n\r\n'), gives: refused },
  { does: 'answers binary garbage', speak: says(Buffer.from('16030100050100000100', 'hex')), gives: refused },
  { does: 'answers as HTTP/0.9', speak: saysAndCloses('<html>hello</html>'), gives: refused },
  { does: 'greets as SSH', speak: (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'), gives: refused },
  { does: 'answers with a status of two digits', speak: says('HTTP/1.1 20 OK\r\n\r\n'), gives: refused },
  { does: 'answers with a status of letters', speak: says('HTTP/1.1 abc OK\r\n\r\n'), gives: refused },
  {
    does: 'answers with the status 999',
    speak: saysAndCloses('HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n'),
    gives: [502, 'whole'],
  },
  {
    does: 'answers with the status 099',
    speak: says('HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n'),
    gives: [502, 504],
  },
  {
    does: 'switches protocols without being asked',
    speak: says('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
    gives: refused,
  },
  { does: 'has two lengths', speak: says(ok('Content-Length: 2', 'Content-Length: 3') + 'abc'), gives: refused },
  { does: 'has a list of lengths', speak: says(ok('Content-Length: 2, 3') + 'abc'), gives: refused },
  { does: 'has a negative length', speak: says(ok('Content-Length: -2') + 'abc'), gives: refused },
  { does: 'has a length that is none', speak: says(ok('Content-Length: abc') + 'abc'), gives: refused },
  {
    does: 'has a length and chunks',
    speak: says(`${ok('Content-Length: 2', 'Transfer-Encoding: chunked')}2\r\nok\r\n0\r\n\r\n`),
    gives: [502, 'whole'],
  },
  {
    does: 'has a header with a bare line feed',
    speak: says(`${ok('X-A: a\nX-B: b', 'Content-Length: 2')}ok`),
    gives: [502, 'whole'],
  },
  { does: 'has a header with a NUL', speak: says(`${ok('X-A: a\0b', 'Content-Length: 2')}ok`), gives: refused },
  { does: 'has a header without a name', speak: says(`${ok(': b', 'Content-Length: 2')}ok`), gives: refused },
  { does: 'has a header without end', speak: says(`HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(1_000_000)}`), gives: refused },
  {
    does: 'has ten thousand headers',
    speak: says(ok(...Array.from({ length: 10_000 }, (_, n) => `X-${n}: 1`))),
    gives: refused,
  },
  { does: 'closes in the body', speak: saysAndCloses(`${ok('Content-Length: 10')}half`), gives: ['cut', 502] },
  { does: 'stalls in the body', speak: says(`${ok('Content-Length: 10')}half`), gives: ['cut', 504] },
  {
    does: 'resets in the body',
    speak: whenAsked(async (socket) => {
      socket.write(`${ok('Content-Length: 10')}half`);
      await wait(50);
      socket.resetAndDestroy();
    }),
    gives: ['cut', 502],
  },
  {
    does: 'closes in its chunks',
    speak: saysAndCloses(`${ok('Transfer-Encoding: chunked')}2\r\nok\r\n`),
    gives: ['cut'],
  },
  { does: 'stalls in its chunks', speak: says(`${ok('Transfer-Encoding: chunked')}2\r\nok\r\n`), gives: ['cut'] },
  {
    does: 'breaks its chunks',
    speak: says(`${ok('Transfer-Encoding: chunked')}2\r\nok\r\nzz\r\n`),
    gives: ['cut', 502],
  },
  { does: 'says less than its length', speak: saysAndCloses(`${ok('Content-Length: 3')}ok`), gives: ['cut', 502] },
  {
    does: 'says more than its length',
    speak: says(`${ok('Content-Length: 2')}ok and more`),
    gives: ['whole', 'cut', 502],
  },
  { does: 'says it twice', speak: says(`${ok('Content-Length: 2')}ok`.repeat(2)), gives: ['whole', 'cut', 502] },
  { does: 'ends its answer by closing', speak: saysAndCloses(`${ok('X-A: 1')}ok`), gives: ['whole'] },
];

describe('an instance that', () => {
  const upstreams: Upstream[] = [];
  let gateway: GatewayProcess;

  beforeAll(async () => {
    for (const { speak } of behaviours) upstreams.push(await aTcpUpstream(speak));
    gateway = await GatewayProcess.start(routeToEach(upstreams));
  });
  afterAll(async () => {
    await gateway?.dispose();
    await Promise.all(upstreams.map((upstream) => upstream.close()));
  });

  it.each(behaviours.map(({ does, gives }, index) => ({ does, gives, index })))(
    '$does gives $gives, in time, to GET and to POST',
    async ({ gives, index }) => {
      const outcomes = await Promise.all([
        timed(fetch(`${gateway.url}/${index}`)),
        timed(fetch(`${gateway.url}/${index}`, { method: 'POST', body: 'once' })),
      ]);
      for (const { outcome, tookMs } of outcomes) {
        expect(gives).toContain(outcome);
        expect(tookMs).toBeLessThan(inTimeMs);
      }
    },
  );

  it('does any of this leaves the gateway as it was', async () => {
    expect(gateway.running).toBe(true);
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
    expect(gateway.output).not.toMatch(/"level":"(error|fatal)"/);
  });
});

describe('a service that nobody runs', () => {
  it('is 503, at once, and says when to come again', async () => {
    const gateway = await GatewayProcess.start(everythingTo(['http://127.0.0.1:1']));
    const answer = await fetch(`${gateway.url}/a`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    await gateway.dispose();
  });

  it('is that, too, where its machine is gone and no connection comes about: nothing was sent', async () => {
    // Nobody refuses, and nobody answers: TLS is never begun.
    const silent = createServer();
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const configuration = routeToEach([{ url }]);
    const gateway = await GatewayProcess.start(configuration);
    try {
      const answer = await fetch(`${gateway.url}/0`, { method: 'POST' });
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
      expect(await answer.json()).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    } finally {
      await gateway.dispose();
      silent.close();
    }
  });
});

function routeToEach(upstreams: readonly Pick<Upstream, 'url'>[]): WrittenConfiguration {
  const names = upstreams.map((_, index) => `s${index}`);
  return {
    services: Object.fromEntries(
      upstreams.map(({ url }, index) => [
        `s${index}`,
        { instances: [{ url }], retries: 0, timeouts: { connect: '1s', headers: '1s', idle: '1s' } },
      ]),
    ),
    routes: names.map((service, index) => ({
      id: service,
      path: `/${index}`,
      service,
      access: { authenticated: false },
    })),
  };
}

async function timed(asked: Promise<Response>): Promise<{ outcome: Outcome | number; tookMs: number }> {
  const begun = performance.now();
  const outcome = await outcomeOf(asked);
  return { outcome, tookMs: performance.now() - begun };
}

async function outcomeOf(asked: Promise<Response>): Promise<Outcome | number> {
  try {
    const answer = await asked;
    const text = await answer.text();
    if (answer.headers.get('content-type') === 'application/problem+json') return answer.status;
    return text === 'ok' || answer.status === 999 ? 'whole' : answer.status;
  } catch {
    return 'cut';
  }
}
