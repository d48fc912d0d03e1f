import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

import { type ServiceError, status } from '@grpc/grpc-js';
import { Test } from '@nestjs/testing';

import { anIdentity } from '@libs/testing';
import { newContext, type RequestContext, runInContext } from '@libs/trusted-headers';

import { SessionServiceService, SessionStatus } from './contracts.js';
import { type GrpcClient, GrpcClients } from './grpc-clients.js';
import { GrpcModule } from './grpc.module.js';
import { SessionHandlers, type SessionServer, startSessionServer } from './session-server.fixture.js';

const sealKey = randomBytes(32);
const alice = anIdentity({ userId: 'alice', tenantId: 't1', roles: ['user'] });
const request = (sessionId: string) => ({ sessionId });

describe('GrpcClients', () => {
  let peer: SessionServer;
  let clients: GrpcClients;
  let sessions: GrpcClient<typeof SessionServiceService>;

  const clientsOf = (address: string, key = sealKey) =>
    new GrpcClients({ service: 'project-service', sealKey: key, peers: { 'auth-service': address } });
  const asAlice = <T>(work: () => T, changes: Partial<RequestContext> = {}): T =>
    runInContext({ ...newContext(alice), ...changes }, work);

  const logged: unknown[] = [];
  const logger = { error: (what: unknown) => void logged.push(what), log: () => undefined, warn: () => undefined };

  beforeAll(async () => {
    peer = await startSessionServer(sealKey);
    const options = { service: 'project-service', sealKey, peers: { 'auth-service': peer.address } } as const;
    const module = await Test.createTestingModule({ imports: [GrpcModule.forRoot(options)] })
      .setLogger(logger)
      .compile();
    clients = module.get(GrpcClients);
    sessions = clients.to('auth-service', SessionServiceService);
  });
  beforeEach(() => void SessionHandlers.contexts.splice(0));
  afterAll(async () => {
    clients.onApplicationShutdown();
    await peer.app.close();
  });

  it('calls a Nest handler and gives back its typed answer', async () => {
    expect(await asAlice(() => sessions.getSession(request('any')))).toEqual({
      status: SessionStatus.ACTIVE,
      userId: 'alice',
      tenantId: 't1',
      expireTime: new Date(1_800_000_000_123),
    });
  });

  it('hands on the caller, where they called from, the request id and the trace', async () => {
    const context = { ...newContext(alice), clientAddress: '192.0.2.7' };
    await runInContext(context, () => sessions.getSession(request('any')));
    expect(SessionHandlers.contexts).toEqual([{ ...context, deadline: expect.any(Number) }]);
  });

  it('keeps the callers of simultaneous calls apart', async () => {
    const users = Array.from({ length: 50 }, (_, index) => ({ ...alice, userId: `user-${index}` }));
    await Promise.all(users.map((user) => asAlice(() => sessions.getSession(request('any')), { identity: user })));
    expect(SessionHandlers.contexts.map(({ identity }) => identity.userId).toSorted()).toEqual(
      users.map(({ userId }) => userId).toSorted(),
    );
  });

  it('speaks for itself when told to, with and without a request around it', async () => {
    const end = () => sessions.endUserSessions({ userId: 'alice' }, { as: 'service' });
    expect(await asAlice(end)).toEqual({ endedCount: 'project-service'.length });
    expect(await end()).toEqual({ endedCount: 'project-service'.length });
  });

  it('does not call for a caller that is not there', async () => {
    await expect(sessions.getSession(request('any'))).rejects.toThrow('no request context');
    expect(SessionHandlers.contexts).toEqual([]);
  });

  it.each([
    {
      call: 'a user calls what is for services',
      work: () => sessions.endUserSessions({ userId: 'a' }),
      code: 'ACCESS_DENIED',
    },
    {
      call: 'a service calls what is for users',
      work: () => sessions.getSession(request('any'), { as: 'service' }),
      code: 'ACCESS_DENIED',
    },
  ])('is refused when $call', async ({ work, code }) => {
    await expect(asAlice<Promise<unknown>>(work)).rejects.toMatchObject({ code });
    expect(SessionHandlers.contexts).toEqual([]);
  });

  it('throws the refusal of the peer with its field errors', async () => {
    await expect(asAlice(() => sessions.getSession(request('invalid-field')))).rejects.toMatchObject({
      name: 'Refusal',
      code: 'REQUEST_INVALID',
      detail: undefined,
      errors: [{ field: 'sessionId', code: 'TOO_SHORT', message: 'The session id is too short.' }],
    });
  });

  it('throws the refusal of the peer with its detail and its header fields', async () => {
    await expect(asAlice(() => sessions.getSession(request('limited')))).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      detail: 'Slow down – 5 s',
      headers: { 'retry-after': '5' },
    });
  });

  it('learns nothing of what broke inside the peer, whose log tells it once', async () => {
    const error = await asAlice(() => sessions.getSession(request('broken'))).catch(
      (thrown: unknown) => thrown as Error,
    );
    expect(error).toMatchObject({ code: 'INTERNAL' });
    const { details, metadata } = (error as Error).cause as ServiceError;
    expect(details + JSON.stringify(metadata)).not.toContain('hunter2');
    expect(logged).toEqual([expect.objectContaining({ message: expect.stringContaining('hunter2') })]);
  });

  it('may try again soon while the database of the peer is away', async () => {
    const call = asAlice(() => sessions.getSession(request('database-away')));
    await expect(call).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', headers: { 'retry-after': '1' } });
  });

  it('gives up with SERVICE_TIMEOUT at its deadline', async () => {
    const call = asAlice(() => sessions.getSession(request('endless'), { deadlineMs: 50 }));
    await expect(call).rejects.toMatchObject({ code: 'SERVICE_TIMEOUT' });
  });

  it('gives up with SERVICE_TIMEOUT at the deadline of its own caller, whatever it asks for', async () => {
    const call = asAlice(() => sessions.getSession(request('endless'), { deadlineMs: 60_000 }), {
      deadline: Date.now() + 50,
    });
    await expect(call).rejects.toMatchObject({ code: 'SERVICE_TIMEOUT' });
  });

  it('tells the peer a deadline of two seconds, or the rest of its own caller’s', async () => {
    const now = Date.now();
    await asAlice(() => sessions.getSession(request('any')));
    await asAlice(() => sessions.getSession(request('any'), { deadlineMs: 60_000 }), { deadline: now + 700 });
    await asAlice(() => sessions.getSession(request('any'), { deadlineMs: 500 }), { deadline: now + 60_000 });

    const [byDefault, inherited, asked] = SessionHandlers.contexts.map(({ deadline = 0 }) => deadline - now);
    expect(byDefault).toBeGreaterThan(1_900);
    expect(byDefault).toBeLessThan(60_000);
    expect(inherited).toBeLessThan(1_900);
    expect(asked).toBeLessThan(1_900);
  });

  it('does not blame the user when the peer refuses the seal of this service', async () => {
    const stranger = clientsOf(peer.address, randomBytes(32));
    const call = asAlice(() => stranger.to('auth-service', SessionServiceService).getSession(request('any')));
    await expect(call).rejects.toMatchObject({ code: 'INTERNAL', cause: { code: status.UNAUTHENTICATED } });
    expect(SessionHandlers.contexts).toEqual([]);
    stranger.onApplicationShutdown();
  });

  it('throws SERVICE_UNAVAILABLE when nobody listens, and reaches the peer once it is there', async () => {
    const gone = await startSessionServer(sealKey);
    await gone.app.close();
    const waiting = clientsOf(gone.address);
    const late = waiting.to('auth-service', SessionServiceService);
    await expect(asAlice(() => late.getSession(request('any')))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });

    const back = await startSessionServer(sealKey, { port: gone.server.port });
    const reached = async (): Promise<string> =>
      asAlice(() => late.getSession(request('any'))).then(
        ({ userId }) => userId,
        () => new Promise(setImmediate).then(reached),
      );
    expect(await reached()).toBe('alice');
    waiting.onApplicationShutdown();
    await back.app.close();
  });

  it('throws SERVICE_UNAVAILABLE when no connection stands before its deadline: nothing was sent', async () => {
    // As an address where no machine is any more: nobody refuses, and nobody answers.
    const silent = createServer();
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const waiting = clientsOf(`127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const toSilent = waiting.to('auth-service', SessionServiceService);
    const call = asAlice(() => toSilent.getSession(request('any'), { deadlineMs: 300 }));
    await expect(call).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    waiting.onApplicationShutdown();
    silent.close();
  });

  it('says which peer it was not told of', () => {
    expect(() => clients.to('ecs-service', SessionServiceService)).toThrow(
      'project-service is not told where ecs-service is',
    );
  });
});
