import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';

import { aGateway, everythingTo, type GatewayUnderTest } from './gateway.fixture.js';
import { request, sendRaw, statusOf } from './raw-client.fixture.js';
import { aTcpUpstream, readAll, type Upstream } from './upstream.fixture.js';

const refusal = 'HTTP/1.1 413 Content Too Large\r\nContent-Length: 8\r\nConnection: close\r\n\r\ntoo much';

/** Ways to refuse a body of which most has not come yet. */
const ways: Readonly<Record<string, (socket: Socket) => void>> = {
  'answers and closes': (socket) => socket.end(refusal),
  'answers and resets, because it leaves the body unread': (socket) => {
    socket.pause();
    socket.write(refusal, () => socket.destroy());
  },
  'answers and goes on reading': (socket) => {
    socket.write(refusal);
    socket.resume();
  },
  'answers and reads no more': (socket) => {
    socket.pause();
    socket.write(refusal);
  },
};

let upstream: Upstream;
let gateway: GatewayUnderTest;
let way: (socket: Socket) => void = () => undefined;

beforeAll(async () => {
  upstream = await aTcpUpstream((socket) => socket.once('data', () => way(socket)));
  gateway = await aGateway({ ...everythingTo(upstream.url), limits: { bodyBytes: '1GiB' } });
});

afterAll(async () => {
  await gateway.stop();
  await upstream.close();
});

const chunk = Buffer.alloc(256 * 1024, 'x');

/** Sends for as long as the gateway takes anything, as a client does that has much to say. */
async function upload(headers: Record<string, string | number>): Promise<{ status: number; body: string }> {
  const post = httpRequest(`${gateway.http}/x`, { method: 'POST', headers });
  post.on('error', () => undefined);
  let isOver = false;
  const writing = (async () => {
    for (let sent = 0; sent < 200 && !isOver && !post.destroyed; sent++) {
      if (!post.write(chunk)) await Promise.race([once(post, 'drain'), once(post, 'close')]).catch(() => undefined);
    }
  })();
  const [answer] = (await once(post, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
  const body = (await readAll(answer as AsyncIterable<Buffer>)).toString();
  isOver = true;
  post.destroy();
  await writing;
  return { status: answer.statusCode, body };
}

describe('an instance that has heard enough', () => {
  describe.each(Object.entries(ways))('and %s', (_, each) => {
    beforeEach(() => (way = each));

    it.each([
      { what: 'a length', headers: { 'content-length': 200 * chunk.length } },
      { what: 'chunks', headers: { 'transfer-encoding': 'chunked' } },
    ])('has its answer passed on, when the body has $what', async ({ headers }) => {
      for (let n = 0; n < 5; n++) expect(await upload(headers)).toEqual({ status: 413, body: 'too much' });
    });

    it('is not asked the next thing on the same connection', async () => {
      await upload({ 'transfer-encoding': 'chunked' });
      const answer = await sendRaw(gateway.port, request('POST /y HTTP/1.1', 'Content-Length: 2'), 'ok');
      expect(statusOf(answer)).toBe(413);
    });
  });
});

describe('a client that is refused before it has sent its body', () => {
  it('may finish, and reads why', async () => {
    const small = await aGateway({ ...everythingTo(upstream.url), limits: { bodyBytes: '1KiB' } });
    const socket = connect(small.port, '127.0.0.1').setEncoding('latin1');
    socket.on('error', () => undefined);
    let answer = '';
    socket.on('data', (text: string) => (answer += text));
    socket.write('POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n');
    socket.write(Buffer.alloc(3_000_000));
    await once(socket, 'data');
    expect(statusOf(answer)).toBe(413);
    socket.destroy();
    await small.stop();
  });
});
