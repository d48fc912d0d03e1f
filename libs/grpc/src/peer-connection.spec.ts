import { randomBytes } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

import { Client, credentials } from '@grpc/grpc-js';

import { until } from '@libs/testing';
import { newContext, runInContext } from '@libs/trusted-headers';

import { SessionServiceService } from './contracts.js';
import { GrpcClients } from './grpc-clients.js';
import { PeerConnection } from './peer-connection.js';
import { type SessionServer, startSessionServer } from './session-server.fixture.js';

const sealKey = randomBytes(32);

/** An address that stays the same, at which there is somebody at times. What came before is never answered. */
class Address {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server = createServer((socket) => this.#accept(socket));
  behind: string | undefined;
  unanswered = 0;

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket): void {
    this.#keep(socket);
    if (this.behind === undefined) {
      this.unanswered++;
      return;
    }
    const [host = '', port] = this.behind.split(':');
    const onward = connect(Number(port), host);
    this.#keep(onward);
    socket.pipe(onward).pipe(socket);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
  }
}

describe('PeerConnection', () => {
  let peer: SessionServer;
  let address: Address;

  beforeAll(async () => void (peer = await startSessionServer(sealKey)));
  beforeEach(() => void (address = new Address()));
  afterEach(() => address.close());
  afterAll(() => peer.app.close());

  it('connects to a peer that is back, though an attempt to connect was never answered', async () => {
    const peers = { 'auth-service': await address.listen() };
    const clients = new GrpcClients({ service: 'ecs-service', sealKey, peers });
    const { endUserSessions } = clients.to('auth-service', SessionServiceService);
    const call = () =>
      runInContext(newContext(), () => endUserSessions({ userId: 'alice' }, { as: 'service', deadlineMs: 200 }));

    await expect(call()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    address.behind = peer.address;
    const answer = await until(
      () => call().catch(() => undefined),
      (given) => given !== undefined,
      20_000,
    );
    expect(answer).toEqual({ endedCount: 'ecs-service'.length });
    clients.onApplicationShutdown();
  }, 30_000);

  it('tries again and again, whether anybody calls or not', async () => {
    const connection = await connectionTo(address, 20);
    expect(connection.isReady).toBe(false);
    await until(
      () => address.unanswered,
      (count) => count >= 5,
    );
    address.behind = peer.address;
    await until(
      () => connection.isReady,
      (isReady) => isReady,
    );
    connection.close();
  });

  it('leaves a connection that has come about alone', async () => {
    address.behind = peer.address;
    const connection = await connectionTo(address, 500);
    const { client } = connection;
    await connection.connect(5_000);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(connection.isReady).toBe(true);
    expect(connection.client).toBe(client);
    connection.close();
  });

  it('stops trying when it is closed', async () => {
    const connection = await connectionTo(address, 20);
    expect(connection.isReady).toBe(false);
    await until(
      () => address.unanswered,
      (count) => count >= 2,
    );
    connection.close();
    const tried = address.unanswered;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(connection.isReady).toBe(false);
    // One may have been on its way.
    expect(address.unanswered).toBeLessThanOrEqual(tried + 1);
  });
});

async function connectionTo(address: Address, timeoutMs: number): Promise<PeerConnection> {
  const target = await address.listen();
  const options = { 'grpc.use_local_subchannel_pool': 1 };
  return new PeerConnection(() => new Client(target, credentials.createInsecure(), options), timeoutMs);
}
