import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';

import { aGateway, everythingTo, type GatewayUnderTest } from './gateway.fixture.js';
import { request, sendRaw, statusOf } from './raw-client.fixture.js';
import { anUpstream, readAll, type Upstream } from './upstream.fixture.js';

const mebibyte = randomBytes(1024 * 1024);
const size = 64;

function* mebibytes(): Generator<Buffer> {
  for (let n = 0; n < size; n++) yield mebibyte;
}

const digestOf = (chunks: Iterable<Buffer>): string => {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
};
const wholeDigest = digestOf(mebibytes());

let upstream: Upstream;
let gateway: GatewayUnderTest;
let releaseAnswer: () => void = () => undefined;

beforeAll(async () => {
  upstream = await anUpstream(async (received, response) => {
    if (received.url === '/upload') {
      const hash = createHash('sha256');
      for await (const chunk of received) hash.update(chunk as Buffer);
      response.end(hash.digest('hex'));
    } else if (received.url === '/download') {
      Readable.from(mebibytes()).pipe(response);
    } else if (received.url === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: first\n\n');
      releaseAnswer = () => response.end('data: last\n\n');
    } else {
      response.end(await readAll(received));
    }
  });
  gateway = await aGateway({ ...everythingTo(upstream.url), limits: { bodyBytes: '1GiB' } });
});

afterAll(async () => {
  await gateway.stop();
  await upstream.close();
});

const memoryMiB = (): number => process.memoryUsage().rss / 1024 ** 2;

describe('bodies', () => {
  it('go up as a stream, whatever their size', async () => {
    const before = memoryMiB();
    const response = await fetch(`${gateway.http}/upload`, {
      method: 'POST',
      body: Readable.toWeb(Readable.from(mebibytes())) as ReadableStream,
      duplex: 'half',
    } as RequestInit);
    expect(await response.text()).toBe(wholeDigest);
    expect(memoryMiB() - before).toBeLessThan(2 * size);
  });

  it('come down as a stream, and wait for a client that is slow', async () => {
    const line = gateway.log.next();
    const [answer] = (await once(httpRequest(`${gateway.http}/download`).end(), 'response')) as [Readable];
    answer.pause();
    await new Promise((resolve) => setImmediate(resolve));
    const hash = createHash('sha256');
    for await (const chunk of answer) hash.update(chunk as Buffer);
    expect(hash.digest('hex')).toBe(wholeDigest);
    expect(await line).toMatchObject({ status: 200, bytes_out: size * mebibyte.length, flag: '' });
  });

  it('arrive piece by piece, not when all of it is there', async () => {
    const response = await fetch(`${gateway.http}/events`);
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? []).toString()).toBe('data: first\n\n');
    releaseAnswer();
    const last = await reader?.read();
    expect(Buffer.from(last?.value ?? []).toString()).toBe('data: last\n\n');
  });

  it('in chunks of one byte stay what they are', async () => {
    const chunks = [...'hello'].map((letter) => `1\r\n${letter}\r\n`);
    const answer = await sendRaw(
      gateway.port,
      request('POST / HTTP/1.1', 'Transfer-Encoding: chunked'),
      ...chunks,
      '0\r\nX-User-Id: forged\r\n\r\n',
    );
    expect(answer).toContain('hello');
    expect(upstream.requests.at(-1)?.rawTrailers).toEqual([]);
  });

  it('are asked for only when they are wanted', async () => {
    const post = httpRequest(`${gateway.http}/x`, {
      method: 'POST',
      headers: { expect: '100-continue', 'content-length': '2' },
    });
    post.flushHeaders();
    await once(post, 'continue');
    post.end('ok');
    const [answer] = (await once(post, 'response')) as [Readable];
    expect((await readAll(answer)).toString()).toBe('ok');
  });

  it('are not asked for when the request is refused', async () => {
    const answer = await sendRaw(
      gateway.port,
      request('POST /internal/x HTTP/1.1', 'Expect: 100-continue', 'Content-Length: 2'),
    );
    expect(statusOf(answer)).toBe(404);
  });

  it('of every media type pass, also of one that is none', async () => {
    const answer = await sendRaw(
      gateway.port,
      request('POST / HTTP/1.1', 'Content-Type: ;;;', 'Content-Length: 2'),
      'ok',
    );
    expect(statusOf(answer)).toBe(200);
  });

  it('of GET pass too', async () => {
    const answer = await sendRaw(gateway.port, request('GET / HTTP/1.1', 'Content-Length: 2'), 'ok');
    expect(answer).toMatch(/ok$/);
  });

  it('are not sent in answer to HEAD, but their length is', async () => {
    const answer = await sendRaw(gateway.port, request('HEAD /x HTTP/1.1'));
    expect(statusOf(answer)).toBe(200);
    expect(answer).toMatch(/\r\n\r\n$/);
  });

  it('take their connection with them when the client goes', async () => {
    const line = gateway.log.next();
    const download = httpRequest(`${gateway.http}/events`).end();
    const [answer] = (await once(download, 'response')) as [Readable];
    answer.on('error', () => undefined);
    const seen = upstream.requests.at(-1)?.on('error', () => undefined);
    const gone = new Promise<void>((resolve) => seen?.once('close', resolve));
    download.destroy();
    await gone;
    expect(await line).toMatchObject({ status: 200, flag: 'client_gone' });
  });

  it('of two clients never mix', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const response = await fetch(`${gateway.http}/echo/${n}`, { method: 'POST', body: `body ${n}` });
        return (await response.text()) === `body ${n}`;
      }),
    );
    expect(answers.every(Boolean)).toBe(true);
  });
});
