import { jest } from '@jest/globals';

import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { type ClientHttp2Stream, connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';

import { until } from '@libs/testing';

import { bystander } from '../support/bystander.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { listening, type Upstream } from '../support/upstream.js';
import { echoFrames } from '../support/websocket-upstream.js';

jest.setTimeout(60_000);

const patienceMs = 20_000;
const connections = 16;

/** Somebody who opens what stays open, and says no more. */
interface Listener {
  readonly status: number;
  readonly socket: Socket;
}

describe('a stream on which nothing is said', () => {
  let upstream: Upstream;
  let gateway: GatewayProcess;
  let listeners: Listener[] = [];
  /** WebSockets, as the service has them. */
  const tunnels = new Set<Socket>();

  beforeAll(async () => {
    const server = createServer((incoming, response) => {
      if (incoming.url !== '/events') return void response.end('ok');
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: hello\n\n');
    });
    server.on('upgrade', (incoming: IncomingMessage, socket: Socket) => {
      tunnels.add(socket);
      socket.once('end', () => tunnels.delete(socket));
      echoFrames(incoming, socket);
    });
    upstream = await listening(server);
    gateway = await GatewayProcess.start({
      protection: {
        requests: 40,
        adaptive: { floor: 8 },
        streams: 1_000,
        streamsPerRoute: 300,
        streamsPerAddress: 256,
      },
      services: { echo: { instances: [{ url: upstream.url }], connections } },
      routes: [
        { id: 'few', path: '/few', service: 'echo', access: { authenticated: false }, streams: 2 },
        { id: 'all', path: '/**', service: 'echo', access: { authenticated: false } },
      ],
    });
  });
  afterAll(async () => {
    await gateway.dispose();
    await upstream.close();
  });
  afterEach(async () => {
    for (const { socket } of listeners) socket.destroy();
    listeners = [];
    await until(
      () => gateway.metric('gateway_open_streams'),
      (count) => count === 0,
      patienceMs,
    );
  });

  const webSocket = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'MDEyMzQ1Njc4OWFiY2RlZg==',
  };
  const open = async (path: string, localAddress: string, headers: Record<string, string>): Promise<Listener> => {
    const asking = request({ host: '127.0.0.1', port: gateway.port, path, localAddress, agent: false, headers }).end();
    const [answer] = (await Promise.race([once(asking, 'upgrade'), once(asking, 'response')])) as [IncomingMessage];
    answer.on('error', () => undefined).resume();
    answer.socket.on('error', () => undefined);
    const listener = { status: answer.statusCode ?? 0, socket: answer.socket };
    listeners.push(listener);
    return listener;
  };
  const openMany = async (count: number, ...how: Parameters<typeof open>): Promise<number[]> => {
    const opened = await Promise.all(Array.from({ length: count }, () => open(...how)));
    return opened.map(({ status }) => status);
  };
  const served = (): Promise<number> => bystander(gateway, 'HTTP/1.1', { path: '/other' });

  const kinds = [
    { kind: 'a WebSocket', path: '/chat', headers: webSocket, status: 101 },
    { kind: 'a stream of events', path: '/events', headers: {}, status: 200 },
  ];

  it.each(kinds)('takes the place of no request: $kind', async ({ path, headers, status }) => {
    const statuses: number[] = [];
    // One after the other: until it is answered each is a request, of which there are few at once here.
    for (let n = 0; n < 256 / 8; n++) statuses.push(...(await openMany(8, path, '127.0.0.2', headers)));
    expect(new Set(statuses)).toEqual(new Set([status]));
    expect(await gateway.metric('gateway_open_streams')).toBe(256);
    expect(await gateway.metric('gateway_requests_running')).toBe(0);
    expect(new Set(await Promise.all(Array.from({ length: 8 }, served)))).toEqual(new Set([200]));

    expect(await openMany(1, path, '127.0.0.2', headers)).toEqual([429]);
    expect(await openMany(1, path, '127.0.0.3', headers)).toEqual([status]);
  });

  it('is refused where a route has as many as it may', async () => {
    expect(await openMany(2, '/few', '127.0.0.2', webSocket)).toEqual([101, 101]);
    expect(await openMany(1, '/few', '127.0.0.3', webSocket)).toEqual([503]);
    expect(await openMany(1, '/chat', '127.0.0.3', webSocket)).toEqual([101]);
  });

  const none = (): Promise<number> =>
    until(
      () => gateway.metric('gateway_open_streams'),
      (count) => count === 0,
      patienceMs,
    );

  it('ends when the client has closed its side, and the service does nothing', async () => {
    const { socket } = await open('/chat', '127.0.0.2', webSocket);
    socket.end();
    await none();
  });

  it('ends when the service has closed its side, and the client does nothing', async () => {
    const { socket } = await open('/chat', '127.0.0.2', webSocket);
    socket.allowHalfOpen = true;
    for (const tunnel of tunnels) tunnel.end();
    await none();
  });
});

describe('a call of gRPC on which nothing is said', () => {
  let gateway: GatewayProcess;
  const sessions = new Set<{ destroy(): void }>();
  // It waits for what the caller has to say.
  const service = createHttp2Server().on('session', (session) => void sessions.add(session));
  service.on('stream', (stream) => stream.on('error', () => undefined).resume());

  beforeAll(async () => {
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const instances = [{ url: `http://127.0.0.1:${(service.address() as AddressInfo).port}` }];
    const access = { authenticated: false };
    gateway = await GatewayProcess.start({
      services: {
        calls: { protocol: 'http2', instances },
        hasty: { protocol: 'http2', instances, timeouts: { quiet: '1s' } },
      },
      routes: [
        { id: 'calls', path: '/test.v1.Calls/**', service: 'calls', access, streams: 1 },
        { id: 'hasty', path: '/test.v1.Hasty/**', service: 'hasty', access },
      ],
    });
  });
  afterAll(async () => {
    await gateway.dispose();
    for (const session of sessions) session.destroy();
    service.close();
  });

  const call = (path: string): { stream: ClientHttp2Stream; ended: Promise<unknown> } => {
    const session = connectHttp2(gateway.url);
    sessions.add(session);
    session.on('error', () => undefined);
    const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
    const stream = session.request(headers, { endStream: false });
    stream.on('error', () => undefined).resume();
    const ended = new Promise((resolve) => {
      for (const event of ['response', 'trailers']) {
        stream.on(
          event,
          (fields: Record<string, unknown>) => fields['grpc-status'] !== undefined && resolve(fields['grpc-status']),
        );
      }
      stream.once('close', () => resolve(undefined));
    });
    return { stream, ended };
  };

  it('is a stream after a while, and no request', async () => {
    const first = call('/test.v1.Calls/Talk');
    await until(
      () => gateway.metric('gateway_open_streams'),
      (count) => count === 1,
      patienceMs,
    );
    expect(await gateway.metric('gateway_requests_running')).toBe(0);
    // UNAVAILABLE: this route has as many as it may.
    expect(await call('/test.v1.Calls/Talk').ended).toBe('14');
    expect(first.stream.closed).toBe(false);
  });

  it('is not waited for without end', async () => {
    // DEADLINE_EXCEEDED.
    expect(await call('/test.v1.Hasty/Talk').ended).toBe('4');
  });
});
