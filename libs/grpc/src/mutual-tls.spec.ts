import { randomBytes } from 'node:crypto';
import { connect as connectPlainly } from 'node:net';
import { connect as connectTls } from 'node:tls';

import type { OwnCertificate } from '@libs/mutual-tls';
import { TestAuthority, until } from '@libs/testing';
import { newContext, runInContext } from '@libs/trusted-headers';

import { SessionServiceService } from './contracts.js';
import { GrpcClients } from './grpc-clients.js';
import { type SessionServer, startSessionServer } from './session-server.fixture.js';

const sealKey = randomBytes(32);

describe('mutual TLS', () => {
  let ours: TestAuthority;
  let theirs: TestAuthority;
  let peer: SessionServer;

  const clientsWith = (certificate: OwnCertificate | undefined) => {
    const clients = new GrpcClients({
      service: 'ecs-service',
      sealKey,
      peers: { 'auth-service': peer.address },
      certificate,
    });
    const { endUserSessions } = clients.to('auth-service', SessionServiceService);
    const call = () => runInContext(newContext(), () => endUserSessions({ userId: 'alice' }, { as: 'service' }));
    return { call, close: () => clients.onApplicationShutdown() };
  };
  const endSessions = (certificate: OwnCertificate | undefined) => {
    const clients = clientsWith(certificate);
    return clients.call().finally(() => clients.close());
  };

  beforeAll(async () => {
    ours = await TestAuthority.create();
    theirs = await TestAuthority.create();
    const own = await ours.own('auth-service');
    peer = await startSessionServer(sealKey, { admission: { own, allowed: ['ecs-service'] } });
  });
  afterAll(async () => {
    await peer.app.close();
    ours.remove();
    theirs.remove();
  });

  it('lets those in who are listed', async () => {
    expect(await endSessions(await ours.own('ecs-service'))).toEqual({ endedCount: 'ecs-service'.length });
  });

  it('refuses a service of ours that is not listed', async () => {
    await expect(endSessions(await ours.own('project-service'))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it.each([
    { who: 'nobody', uri: 'spiffe://elsewhere/ecs-service' },
    { who: 'somebody whose name looks like two', uri: 'spiffe://gatehouse/x, URI:spiffe://gatehouse/ecs-service' },
  ])('refuses a certificate of ours that names $who', async ({ uri }) => {
    const nameless = await ours.own('nameless', { uri });
    await expect(endSessions(nameless)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('refuses a client with a certificate of another authority, though it trusts ours', async () => {
    const stranger = await theirs.own('ecs-service', { trusting: ours.authority });
    await expect(endSessions(stranger)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('does not talk to a server of another authority', async () => {
    await expect(endSessions(await theirs.own('ecs-service'))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('does not take one service for another', async () => {
    const own = await ours.own('tenant-service');
    const impostor = await startSessionServer(sealKey, { admission: { own, allowed: ['ecs-service'] } });
    const clients = new GrpcClients({
      service: 'ecs-service',
      sealKey,
      peers: { 'auth-service': impostor.address },
      certificate: await ours.own('ecs-service'),
    });
    const { endUserSessions } = clients.to('auth-service', SessionServiceService);
    await expect(
      runInContext(newContext(), () => endUserSessions({ userId: 'alice' }, { as: 'service' })),
    ).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    clients.onApplicationShutdown();
    await impostor.app.close();
  });

  it('does not talk without TLS', async () => {
    await expect(endSessions(undefined)).rejects.toMatchObject({ name: 'Refusal' });
    const socket = connectPlainly(Number(peer.address.split(':')[1]), '127.0.0.1');
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    const said: Buffer[] = [];
    socket.on('data', (bytes: Buffer) => said.push(bytes)).on('error', () => undefined);
    await new Promise((resolve) => socket.once('close', resolve));
    // An alert of TLS at most, and no frame of HTTP/2.
    expect(Buffer.concat(said)[0] ?? 0x15).toBe(0x15);
  });

  it('renews both ends while calls go on, and none of them fails', async () => {
    const own = await ours.own('ecs-service');
    const kept = clientsWith(own);
    const failures: unknown[] = [];
    const isOver = new AbortController();
    let done = 0;
    const callAgain = async (call: () => Promise<unknown>): Promise<void> => {
      while (!isOver.signal.aborted) await call().then(() => done++, failures.push.bind(failures));
    };
    // Some on a connection that stays, some on a new one each.
    const calling = [kept.call, kept.call, () => endSessions(own), () => endSessions(own)].map(callAgain);

    const serials = new Set<string>();
    for (let renewal = 0; renewal < 3; renewal += 1) {
      await Promise.all([ours.certify('auth-service'), ours.certify('ecs-service')]);
      const serial = await until(
        () => serialShown(own),
        (shown) => !serials.has(shown),
      );
      serials.add(serial);
    }
    isOver.abort();
    await Promise.all(calling);
    kept.close();
    expect(failures).toEqual([]);
    expect(done).toBeGreaterThan(50);
    expect(serials.size).toBe(3);
  }, 30_000);

  /** Which certificate of its own the server shows now. */
  const serialShown = async (own: OwnCertificate): Promise<string> => {
    const [host = '', port] = peer.address.split(':');
    const socket = connectTls({ host, port: Number(port), ...own.current, servername: 'auth-service' });
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
  };
});
