import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';

import { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';

import { names } from '@libs/names';

import { type CheckConfig, health } from '../../configuration/schema/health.schema.js';
import { checkFor } from './check-for.js';
import type { HealthCheck } from './health-check.js';

const closing: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type CheckInput = NonNullable<Parameters<(typeof health)['parse']>[0]>;

const configOf = (check: object): CheckConfig => {
  const parsed = health.parse({ check } as CheckInput).check;
  if (parsed === undefined) throw new Error('no check');
  return parsed;
};

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function anHttpServer(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  const url = await listening(server);
  closing.unshift(() => server.closeAllConnections());
  return url;
}

const silent = (): Promise<string> =>
  listening(
    createTcpServer((socket) => {
      socket.on('error', () => undefined);
      closing.unshift(() => void socket.destroy());
    }),
  );

async function nobody(): Promise<string> {
  const url = await listening(createTcpServer());
  await closing.pop()?.();
  return url;
}

async function aGrpcServer(statuses: Record<string, 'SERVING' | 'NOT_SERVING'>): Promise<string> {
  const server = new GrpcServer();
  new HealthImplementation(statuses).addToServer(server);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  closing.push(() => server.forceShutdown());
  return `http://127.0.0.1:${port}`;
}

async function ask(origin: string, config: object, timeoutMs = 2_000): Promise<'passed' | 'failed'> {
  const check: HealthCheck = checkFor(origin, configOf(config), () => ({}), names);
  closing.unshift(() => check.close());
  return check.ask(AbortSignal.timeout(timeoutMs)).then(
    () => 'passed',
    () => 'failed',
  );
}

const answering =
  (status: number): RequestListener =>
  (_, response) =>
    void response.writeHead(status).end('x'.repeat(100_000));

describe('a check over http', () => {
  it.each([
    { status: 200, config: {}, result: 'passed' },
    { status: 204, config: {}, result: 'passed' },
    { status: 302, config: {}, result: 'failed' },
    { status: 503, config: {}, result: 'failed' },
    { status: 503, config: { statuses: [503] }, result: 'passed' },
    { status: 200, config: { statuses: [503] }, result: 'failed' },
  ])('of one that answers $status, expecting $config, is $result', async ({ status, config, result }) => {
    expect(await ask(await anHttpServer(answering(status)), config)).toBe(result);
  });

  it('asks for the path', async () => {
    const asked: (string | undefined)[] = [];
    const url = await anHttpServer((request, response) => {
      asked.push(request.url);
      response.end();
    });
    await ask(url, { path: '/ready?full=1' });
    expect(asked).toEqual(['/ready?full=1']);
  });

  it('uses one connection for many questions', async () => {
    const ports = new Set<number | undefined>();
    const url = await anHttpServer((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('x'.repeat(10_000));
    });
    const check = checkFor(url, configOf({}), () => ({}), names);
    closing.unshift(() => check.close());
    for (let question = 0; question < 5; question++) {
      await check.ask(AbortSignal.timeout(2_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(ports.size).toBeLessThan(3);
  });

  it('fails when there is no answer in time, and when nobody is there', async () => {
    expect(await ask(await silent(), {}, 50)).toBe('failed');
    expect(await ask(await nobody(), {})).toBe('failed');
  });
});

describe('a check over tcp', () => {
  it('passes when something listens', async () => {
    expect(await ask(await silent(), { type: 'tcp' })).toBe('passed');
    expect(await ask(await nobody(), { type: 'tcp' })).toBe('failed');
  });

  it('asks at another port if it is told to', async () => {
    const port = Number(new URL(await silent()).port);
    expect(await ask(await nobody(), { type: 'tcp', port })).toBe('passed');
  });
});

describe('a check over gRPC', () => {
  it.each([
    { service: '', result: 'passed' },
    { service: 'shop.Cart', result: 'passed' },
    { service: 'shop.Orders', result: 'failed' },
    { service: 'shop.Unknown', result: 'failed' },
  ])('asks about "$service": $result', async ({ service, result }) => {
    const url = await aGrpcServer({ '': 'SERVING', 'shop.Cart': 'SERVING', 'shop.Orders': 'NOT_SERVING' });
    expect(await ask(url, { type: 'grpc', grpcService: service })).toBe(result);
  });

  it('fails when there is no answer in time, and when nobody is there', async () => {
    expect(await ask(await silent(), { type: 'grpc' }, 50)).toBe('failed');
    expect(await ask(await nobody(), { type: 'grpc' })).toBe('failed');
  });
});
