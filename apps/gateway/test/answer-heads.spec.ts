import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';

import { until } from '@libs/testing';

import { aGateway, everythingTo, type GatewayUnderTest } from './gateway.fixture.js';
import { aTcpUpstream, type Upstream } from './upstream.fixture.js';

let upstream: Upstream;
let gateway: GatewayUnderTest;
/** The connections on which a request has come, by its path; what each says is up to the test. */
const asked = new Map<string, Socket>();

beforeAll(async () => {
  upstream = await aTcpUpstream((socket) => {
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      const path = /^\w+ (\S+) /.exec(text)?.[1];
      if (path !== undefined) asked.set(path, socket);
    });
  });
  gateway = await aGateway(everythingTo(upstream.url));
});
afterAll(async () => {
  await gateway.stop();
  await upstream.close();
});

const instanceAt = async (path: string): Promise<Socket> =>
  (await until(
    () => asked.get(path),
    (socket) => socket !== undefined,
  )) as Socket;

interface Heard {
  text: string;
  isOver: boolean;
  wasReset: boolean;
}

/** What a client of HTTP/1.1, or of 1.0, hears. */
function ask(path: string, version = '1.1'): Heard {
  const heard: Heard = { text: '', isOver: false, wasReset: false };
  const socket = connect(gateway.port, '127.0.0.1');
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => (heard.text += text));
  socket.on('error', ({ code }: NodeJS.ErrnoException) => (heard.wasReset = code === 'ECONNRESET'));
  socket.on('close', () => (heard.isOver = true));
  socket.write(`GET ${path} HTTP/${version}\r\nHost: a\r\n\r\n`);
  return heard;
}

const heads = {
  'of a length that is not known': 'Transfer-Encoding: chunked\r\n',
  'that is a stream of events': 'Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n',
  'that ends with the connection': '',
  'that is short': 'Content-Length: 5\r\n',
  'that is long': 'Content-Length: 100000\r\n',
};

describe.each(Object.entries(heads))('the head of an answer %s', (title, fields) => {
  const path = (name: string): string => `/${name}/${Buffer.from(title).toString('hex')}`;

  it('is passed on although nothing follows yet', async () => {
    const heard = ask(path('slow'));
    const instance = await instanceAt(path('slow'));
    instance.write(`HTTP/1.1 200 OK\r\nX-Own: yes\r\n${fields}\r\n`);
    await until(
      () => heard.text,
      (text) => text.includes('\r\n\r\n'),
    );
    expect(heard.text).toMatch(/^HTTP\/1\.1 200 /);
    expect(heard.text).toMatch(/x-own: yes/i);
    instance.destroy();
  });

  it('is followed by what comes later', async () => {
    const heard = ask(path('later'));
    const instance = await instanceAt(path('later'));
    instance.write(`HTTP/1.1 200 OK\r\n${fields}\r\n`);
    const first = fields.includes('chunked') ? '2\r\nhe\r\n' : 'he';
    instance.write(first);
    await until(
      () => heard.text,
      (text) => text.includes('\r\n\r\n'),
    );
    instance.write(fields.includes('chunked') ? '3\r\nllo\r\n0\r\n\r\n' : 'llo');
    if (title === 'that is long') instance.write('x'.repeat(100_000 - 5));
    await until(
      () => heard.text.replaceAll(/\r\n\d+\r\n/g, ''),
      (text) => text.includes('hello'),
    );
    instance.destroy();
  });
});

// Of an answer that ends with the connection nobody can tell that it broke.
const lengthIsTold = Object.entries(heads).filter(([, fields]) => fields !== '');

describe.each(lengthIsTold)('an answer %s that breaks before its first byte', (title, fields) => {
  it('is 502', async () => {
    const path = `/broken/${Buffer.from(title).toString('hex')}`;
    const heard = ask(path);
    const instance = await instanceAt(path);
    instance.end(`HTTP/1.1 200 OK\r\n${fields}\r\n`);
    await until(
      () => heard.text,
      (text) => text.includes('\r\n\r\n'),
    );
    expect(heard.text).toMatch(/^HTTP\/1\.1 502 /);
    expect(heard.text).toContain('UPSTREAM_FAILED');
  });
});

describe('an answer that breaks after its first byte', () => {
  it('is no whole one for a client that knows its end by that of the connection only', async () => {
    const heard = ask('/old', '1.0');
    const instance = await instanceAt('/old');
    instance.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n');
    await until(
      () => heard.text,
      (text) => text.includes('half'),
    );
    instance.destroy();
    await until(
      () => heard.isOver,
      (isOver) => isOver,
    );
    expect(heard.wasReset).toBe(true);
  });

  it('is an error of the stream over HTTP/2, and a word in the log', async () => {
    const session = connectHttp2(gateway.http);
    const stream = session.request({ ':path': '/modern' });
    const instance = await instanceAt('/modern');
    instance.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n');
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    await once(stream, 'data');
    instance.destroy();
    const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
    expect(error.message).toContain('INTERNAL_ERROR');
    session.close();
    expect(await gateway.log.of(headers['x-request-id'])).toMatchObject({ status: 200, flag: 'upstream_reset' });
  });
});
