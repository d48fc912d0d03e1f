import { jest } from '@jest/globals';

import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import * as grpc from '@grpc/grpc-js';
import { request, WebSocket } from 'undici';

import { until } from '@libs/testing';

import { Client } from '../support/client.js';
import { aPerson, type Person } from '../support/flow.js';
import { EmbeddedStack } from '../support/stack.js';
import { type Upstream, listening } from '../support/upstream.js';
import { echoFrames } from '../support/websocket-upstream.js';
import { quickest } from '../support/quickest.js';

jest.setTimeout(60_000);

const bytes = (value: Buffer): Buffer => value;
const method = (path: string, isStream: boolean) => ({
  path,
  requestStream: isStream,
  responseStream: isStream,
  requestSerialize: bytes,
  requestDeserialize: bytes,
  responseSerialize: bytes,
  responseDeserialize: bytes,
});
/** A service whose messages are plain bytes. */
const echo = { once: method('/test.v1.Echo/Once', false), talk: method('/test.v1.Echo/Talk', true) };

/** What the stack's own configuration has, and a service of somebody else's that streams. */
function configurationWith(streams: string, calls: string): string {
  return readFileSync('config/gateway.yaml', 'utf8')
    .replace('../docs/', `${resolve('docs')}/`)
    .replace(
      '\nservices:\n',
      `
services:
  streams: { instances: [{ url: '${streams}' }] }
  calls: { protocol: http2, instances: [{ url: '${calls}' }] }
`,
    )
    .concat(
      `
  - { id: streams, path: /streams/**, service: streams }
  - { id: calls, path: /test.v1.Echo/**, service: calls }
`,
    );
}

describe('a connection that stays open', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-streams-'));
  let streams: Upstream;
  let calls: grpc.Server;
  let stack: EmbeddedStack;
  let client: Client;
  let gateway: string;
  /** How many event streams the service is writing just now. */
  let openStreams = 0;

  beforeAll(async () => {
    const server = createServer((_, response) => {
      openStreams++;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const writing = setInterval(() => response.write(`data: ${Date.now()}\n\n`), 50);
      response.once('close', () => {
        openStreams--;
        clearInterval(writing);
      });
    });
    server.on('upgrade', echoFrames);
    streams = await listening(server);

    calls = new grpc.Server();
    calls.addService(echo, {
      once: (call: grpc.ServerUnaryCall<Buffer, Buffer>, answer: grpc.sendUnaryData<Buffer>) => {
        if (call.request.toString() !== 'refuse me') return answer(null, call.request);
        const metadata = new grpc.Metadata();
        metadata.set('x-why', 'because');
        answer({ code: grpc.status.FAILED_PRECONDITION, details: 'not today', metadata });
      },
      talk: (call: grpc.ServerDuplexStream<Buffer, Buffer>) => {
        call.on('data', (message: Buffer) => call.write(message));
        call.on('end', () => call.end());
      },
    });
    const port = await new Promise<number>((done, fail) =>
      calls.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? done(bound) : fail(error),
      ),
    );
    const file = join(folder, 'gateway.yaml');
    writeFileSync(file, configurationWith(streams.url, `http://127.0.0.1:${port}`));
    stack = await EmbeddedStack.create({ GATEWAY_CONFIG: file, ACCESS_TOKEN_LIFETIME: '4s' });
    await stack.start();
    gateway = stack.gateways[0] as string;
    client = new Client(gateway);
  });
  afterAll(async () => {
    await client?.close();
    await stack?.dispose();
    await streams?.close();
    calls?.forceShutdown();
    rmSync(folder, { recursive: true, force: true });
  });

  const logOut = async ({ token }: Person): Promise<number> => {
    expect((await client.post('/auth/logout', { token })).status).toBe(204);
    return performance.now();
  };

  describe('as a WebSocket', () => {
    const open = async (token?: string): Promise<WebSocket> => {
      const socket = new WebSocket(`${gateway.replace('http', 'ws')}/streams/chat`, {
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      });
      await new Promise((done, fail) => {
        socket.addEventListener('open', done);
        socket.addEventListener('error', () => fail(new Error('no WebSocket')));
      });
      return socket;
    };
    const say = async (socket: WebSocket, message: string): Promise<string> => {
      const heard = once(socket, 'message') as Promise<[MessageEvent<string>]>;
      socket.send(message);
      return (await heard)[0].data;
    };

    it('carries messages of any size both ways', async () => {
      const socket = await open((await aPerson(client)).token);
      for (const message of ['hello', 'x'.repeat(1_000), 'y'.repeat(300_000)]) {
        expect(await say(socket, message)).toBe(message);
      }
      const closed = once(socket, 'close');
      socket.close(1000);
      await closed;
    });

    it('is for those who may call', async () => {
      await expect(open()).rejects.toThrow('no WebSocket');
      const answer = await client.get('/streams/chat', { headers: { upgrade: 'websocket' } }).catch(() => undefined);
      expect(answer?.status ?? 401).toBe(401);
    });

    it('ends within a second of the logout', async () => {
      const tookMs = await quickest(1_000, async () => {
        const alice = await aPerson(client);
        const socket = await open(alice.token);
        expect(await say(socket, 'hello')).toBe('hello');
        const closed = once(socket, 'close') as Promise<[CloseEvent]>;
        const since = await logOut(alice);
        expect((await closed)[0].code).toBe(1008);
        return performance.now() - since;
      });
      expect(tookMs).toBeLessThan(1_000);
    });

    it('ends when the token does', async () => {
      const { token } = await aPerson(client);
      const socket = await open(token);
      const begun = performance.now();
      await once(socket, 'close');
      expect(performance.now() - begun).toBeLessThan(6_000);
    });
  });

  describe('as a stream of events', () => {
    const open = async ({ token }: Person) => {
      const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
      const answer = await request(`${gateway}/streams/events`, { headers });
      expect(answer.statusCode).toBe(200);
      return answer.body;
    };

    it('brings each event when it happens, and leaves when the client does', async () => {
      const body = await open(await aPerson(client));
      const lateMs: number[] = [];
      for await (const chunk of body) {
        const [, sentAt = '0'] = /data: (\d+)/.exec(String(chunk)) ?? [];
        lateMs.push(Date.now() - Number(sentAt));
        if (lateMs.length === 10) break;
      }
      // Events that were kept back would all be late.
      expect(Math.min(...lateMs)).toBeLessThan(500);
      await until(
        () => openStreams,
        (count) => count === 0,
      );
    });

    it('ends within a second of the logout', async () => {
      const tookMs = await quickest(1_000, async () => {
        const alice = await aPerson(client);
        const body = await open(alice);
        const ended = body.dump({ limit: 1e9 }).catch(() => undefined);
        const since = await logOut(alice);
        await ended;
        return performance.now() - since;
      });
      expect(tookMs).toBeLessThan(1_000);
    });
  });

  describe('as a gRPC call', () => {
    const caller = new grpc.Metadata();
    let stub: grpc.Client;
    beforeAll(() => {
      stub = new grpc.Client(new URL(gateway).host, grpc.credentials.createInsecure());
    });
    afterAll(() => stub.close());

    const as = ({ token }: Person): grpc.Metadata => {
      const metadata = caller.clone();
      metadata.set('authorization', `Bearer ${token}`);
      return metadata;
    };
    const ask = (metadata: grpc.Metadata, message: string): Promise<string> =>
      new Promise((done, fail) => {
        const { path } = echo.once;
        stub.makeUnaryRequest(path, bytes, bytes, Buffer.from(message), metadata, (error, answer) =>
          error === null ? done(String(answer)) : fail(error),
        );
      });

    it('is answered, and refused, in the words of the service', async () => {
      const metadata = as(await aPerson(client));
      expect(await ask(metadata, 'hello')).toBe('hello');
      await expect(ask(metadata, 'refuse me')).rejects.toMatchObject({
        code: grpc.status.FAILED_PRECONDITION,
        details: 'not today',
      });
      const error = await ask(metadata, 'refuse me').catch((refused: grpc.ServiceError) => refused);
      expect((error as grpc.ServiceError).metadata.get('x-why')).toEqual(['because']);
    });

    it('is refused in words of gRPC when the caller is nobody', async () => {
      await expect(ask(new grpc.Metadata(), 'hello')).rejects.toMatchObject({ code: grpc.status.UNAUTHENTICATED });
    });

    it('streams both ways, and ends within a second of the logout', async () => {
      const tookMs = await quickest(1_000, async () => {
        const alice = await aPerson(client);
        const call = stub.makeBidiStreamRequest(echo.talk.path, bytes, bytes, as(alice));
        call.on('error', () => undefined);
        for (const message of ['one', 'two', 'three']) {
          const heard = once(call, 'data');
          call.write(Buffer.from(message));
          expect(String((await heard)[0])).toBe(message);
        }
        // `once` of events would take the error that says why for a failure of its own.
        const ended = new Promise((done) => call.once('status', done));
        const since = await logOut(alice);
        await ended;
        return performance.now() - since;
      });
      expect(tookMs).toBeLessThan(1_000);
    });
  });
});
