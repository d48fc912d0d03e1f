import { randomBytes } from 'node:crypto';

import { Names } from '@libs/names';
import { NameServer, until } from '@libs/testing';
import { newContext, runInContext } from '@libs/trusted-headers';

import { SessionServiceService } from './contracts.js';
import { GrpcClients } from './grpc-clients.js';
import { SessionHandlers, type SessionServer, startSessionServer } from './session-server.fixture.js';

const sealKey = randomBytes(32);
const at = (...addresses: string[]) => addresses.map((address) => ({ type: 'A' as const, address, ttl: 0 }));

describe('a client of a peer that has a name', () => {
  let nameServer: NameServer;
  let servers: SessionServer[];
  let clients: GrpcClients;

  beforeEach(async () => {
    nameServer = await NameServer.start();
    servers = [];
  });
  afterEach(async () => {
    clients.onApplicationShutdown();
    for (const { app } of servers) await app.close();
    await nameServer.close();
  });

  const serve = async (host: string, port = 0): Promise<SessionServer> => {
    const server = await startSessionServer(sealKey, { host, port });
    servers.push(server);
    return server;
  };

  const open = (port: number): (() => Promise<unknown>) => {
    const names = new Names({ servers: [nameServer.address], resolverFile: '/nowhere' });
    const peers = { 'auth-service': `auth.test:${port}`, 'tenant-service': `tenants.test:${port}` };
    clients = new GrpcClients({ service: 'ecs-service', sealKey, peers, names });
    const { endUserSessions } = clients.to('auth-service', SessionServiceService);
    return () => runInContext(newContext(), () => endUserSessions({ userId: 'alice' }, { as: 'service' }));
  };

  it('shares its calls among all addresses behind the name', async () => {
    const { server } = await serve('127.0.0.1');
    await serve('127.0.0.2', server.port);
    nameServer.know('auth.test', at('127.0.0.1', '127.0.0.2'));
    const call = open(server.port);
    SessionHandlers.called.clear();
    const reached = await until(
      async () => {
        await call();
        return SessionHandlers.called.size;
      },
      (size) => size === 2,
    );
    expect(reached).toBe(2);
  });

  it('follows a name to where the peer has moved', async () => {
    const first = await serve('127.0.0.1');
    nameServer.know('auth.test', at('127.0.0.1'));
    const call = open(first.server.port);
    await call();
    await first.app.close();
    servers.pop();
    await serve('127.0.0.2', first.server.port);
    nameServer.know('auth.test', at('127.0.0.2'));
    const answered = await until(
      () => call().then(Boolean, () => false),
      (isAnswered) => isAnswered,
      20_000,
    );
    expect(answered).toBe(true);
  });

  it('says that the peer is away when nobody answers about its name, and finds it when somebody does', async () => {
    const { server } = await serve('127.0.0.1');
    nameServer.know('auth.test', 'silent');
    const call = open(server.port);
    await expect(call()).rejects.toMatchObject({ code: expect.stringMatching(/^SERVICE_(UNAVAILABLE|TIMEOUT)$/) });
    nameServer.know('auth.test', at('127.0.0.1'));
    const answered = await until(
      () => call().then(Boolean, () => false),
      (isAnswered) => isAnswered,
      20_000,
    );
    expect(answered).toBe(true);
  });

  it('costs the calls to other peers nothing', async () => {
    const { server } = await serve('127.0.0.1');
    nameServer.know('tenants.test', 'silent');
    nameServer.know('auth.test', at('127.0.0.1'));
    const call = open(server.port);
    const { endUserSessions } = clients.to('tenant-service', SessionServiceService);
    const order: string[] = [];
    const waiting = Array.from({ length: 16 }, () =>
      runInContext(newContext(), () => endUserSessions({ userId: 'alice' }, { as: 'service' })).catch(() =>
        order.push('silent'),
      ),
    );
    await Promise.all(Array.from({ length: 16 }, () => call().then(() => order.push('answered'))));
    await Promise.all(waiting);
    expect(order).toEqual([...Array(16).fill('answered'), ...Array(16).fill('silent')]);
  });
});
