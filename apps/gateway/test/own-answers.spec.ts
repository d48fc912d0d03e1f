import type { Socket } from 'node:net';

import { Pool } from 'undici';

import { aGateway, everythingTo, type GatewayUnderTest } from './gateway.fixture.js';
import { aTcpUpstream, type Upstream } from './upstream.fixture.js';

const clients = 64;

/** What is tested is whose answer it is, not what becomes of an instance that fails. */
const trusting = { breaker: { consecutiveFailures: 0 }, health: { outliers: { consecutiveFailures: 0 } } };

let upstream: Upstream;
let gateway: GatewayUnderTest;
let misbehave: (socket: Socket, id: string) => boolean = () => false;
let connections = 0;

const answerTo = (id: string): string =>
  `HTTP/1.1 200 OK\r\nX-Id: ${id}\r\nContent-Length: ${id.length + 5}\r\n\r\nbody ${id}`;

beforeAll(async () => {
  upstream = await aTcpUpstream((socket) => {
    connections++;
    // What it says too much is right behind: Nagle's algorithm would hold it back for as long as the machine likes.
    socket.setNoDelay(true);
    let text = '';
    socket.setEncoding('latin1').on('data', (more: string) => {
      text += more;
      for (;;) {
        const end = text.indexOf('\r\n\r\n');
        if (end === -1) return;
        const [, id = ''] = /^GET \/(\S*) /.exec(text) ?? [];
        text = text.slice(end + 4);
        if (!misbehave(socket, id)) socket.write(answerTo(id));
      }
    });
  });
});

beforeEach(async () => {
  connections = 0;
  gateway = await aGateway(everythingTo(upstream.url, { connections: 16, ...trusting }));
});

afterEach(() => gateway.stop());
afterAll(() => upstream.close());

/** Many clients at once; gives how many were answered, and the ids of those who got an answer that is not theirs. */
async function ask(count: number): Promise<{ answered: number; wrong: string[] }> {
  const pool = new Pool(gateway.http, { connections: clients });
  const wrong: string[] = [];
  let answered = 0;
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const id = `${next++}`;
      try {
        const { statusCode, headers, body } = await pool.request({ path: `/${id}`, method: 'GET' });
        const text = await body.text();
        if (statusCode !== 200) continue;
        answered++;
        if (headers['x-id'] !== id || text !== `body ${id}`) wrong.push(id);
      } catch {
        // A broken connection is nobody's answer.
      }
    }
  };
  await Promise.all(Array.from({ length: clients }, work));
  await pool.destroy();
  return { answered, wrong };
}

describe('an answer', () => {
  it('reaches the client that asked, over connections that carry the requests of many', async () => {
    misbehave = () => false;
    expect(await ask(3_000)).toEqual({ answered: 3_000, wrong: [] });
    expect(connections).toBeLessThanOrEqual(16);
  });

  it.each([
    {
      what: 'twice in one go',
      does: (socket: Socket, id: string) => socket.write(answerTo(id) + answerTo('stray')),
    },
    {
      what: 'twice, one right after the other',
      does: (socket: Socket, id: string) => {
        socket.write(answerTo(id));
        socket.write(answerTo('stray'));
      },
    },
    {
      what: 'once, and something more',
      does: (socket: Socket, id: string) => socket.write(`${answerTo(id)}garbage`),
    },
    {
      what: 'with a body where there may be none',
      does: (socket: Socket) => socket.write('HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nstray'),
    },
    {
      what: 'half, and closes',
      does: (socket: Socket, id: string) => socket.end(answerTo(id).slice(0, -1)),
    },
    {
      what: 'with an interim answer too many',
      does: (socket: Socket, id: string) => socket.write(`HTTP/1.1 100 Continue\r\n\r\n${answerTo(id)}`),
    },
  ])('reaches nobody else, when every tenth request is answered $what', async ({ does }) => {
    misbehave = (socket, id) => {
      if (Number(id) % 10 !== 7) return false;
      does(socket, id);
      return true;
    };
    const { answered, wrong } = await ask(1_500);
    expect(wrong).toEqual([]);
    expect(answered).toBeGreaterThan(1_200);
  });
});
