import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';

import { Refusal } from '@libs/errors';
import { EventsModule } from '@libs/events';
import { Database, Outbox, PersistenceModule } from '@libs/persistence';
import { RedisModule } from '@libs/redis';
import { anIdentity, aSealKey } from '@libs/testing';
import { Access, anonymous, newContext, runInContext, TrustedHeadersModule } from '@libs/trusted-headers';

import { type GetSessionRequest, type GetSessionResponse, SessionServiceService, SessionStatus } from './contracts.js';
import { GrpcClients } from './grpc-clients.js';
import { GrpcServer } from './grpc-server.js';
import { GrpcService } from './grpc-service.js';
import type { GrpcHandlers } from './service-definition.js';

/** Writes something for each call that is really served. */
@GrpcService(SessionServiceService)
@Access('user')
class Counting implements GrpcHandlers<typeof SessionServiceService> {
  static served = 0;

  constructor(
    private readonly outbox: Outbox,
    private readonly database: Database,
  ) {}

  async getSession({ sessionId }: GetSessionRequest): Promise<GetSessionResponse> {
    Counting.served += 1;
    await this.database.transaction(() => this.outbox.add('user.changed', sessionId, { userId: sessionId }));
    if (sessionId === 'conflict') throw new Refusal('RESOURCE_CONFLICT', { detail: 'It was so.' });
    if (sessionId === 'broken') throw new Error('broken');
    const time = new Date(1_800_000_000_000 + Counting.served);
    return { status: SessionStatus.ACTIVE, userId: sessionId, tenantId: 't1', expireTime: time };
  }

  @Access('anyone')
  async endUserSessions() {
    Counting.served += 1;
    return { endedCount: Counting.served };
  }
}

const alice = anIdentity();
const mallory = anIdentity({ userId: 'user-mallory' });

describe('Idempotency-Key over gRPC', () => {
  const sealKey = aSealKey();
  let dataDir: string;
  let app: NestFastifyApplication;
  let clients: GrpcClients;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'grpc-idempotency-'));
    const options = { service: 'test', dataDir, entities: [], migrations: [], encryptionKey: aSealKey() };
    const module = await Test.createTestingModule({
      imports: [
        TrustedHeadersModule.forRoot({ audience: 'auth-service', sealKey }),
        RedisModule.forRoot({}),
        EventsModule,
        PersistenceModule.forRoot(options),
      ],
      controllers: [Counting],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    const services = [SessionServiceService];
    const server = new GrpcServer({ host: '127.0.0.1', port: 0, services, production: false });
    app.connectMicroservice({ strategy: server });
    await app.startAllMicroservices();
    clients = new GrpcClients({ service: 'test', sealKey, peers: { 'auth-service': `127.0.0.1:${server.port}` } });
  });
  afterAll(async () => {
    clients.onApplicationShutdown();
    await app.close();
    await rm(dataDir, { recursive: true });
  });
  beforeEach(() => {
    Counting.served = 0;
  });

  const call = (sessionId: string, idempotencyKey?: string, as = alice): Promise<GetSessionResponse> =>
    runInContext({ ...newContext(), identity: as }, () =>
      clients
        .to('auth-service', SessionServiceService)
        .getSession({ sessionId }, idempotencyKey === undefined ? {} : { idempotencyKey }),
    );

  it('serves a repeated call once and gives the answer of the first, times and all', async () => {
    const first = await call('one', 'key-1');
    const second = await call('one', 'key-1');
    expect(second).toEqual(first);
    expect(second.expireTime).toBeInstanceOf(Date);
    expect(Counting.served).toBe(1);
  });

  it('serves calls without a key, and with other keys, each', async () => {
    await call('two');
    await call('two');
    await call('two', 'key-2');
    await call('two', 'key-3');
    expect(Counting.served).toBe(4);
  });

  it('refuses a key that stood for another request', async () => {
    await call('three', 'key-4');
    await expect(call('four', 'key-4')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(Counting.served).toBe(1);
  });

  it('keeps the keys of callers apart', async () => {
    await call('five', 'key-5');
    await call('five', 'key-5', mallory);
    expect(Counting.served).toBe(2);
  });

  it('keeps strangers with the same key apart, and knows one who sends the same again', async () => {
    const end = (userId: string): Promise<{ endedCount: number }> =>
      runInContext({ ...newContext(), identity: anonymous }, () =>
        clients
          .to('auth-service', SessionServiceService)
          .endUserSessions({ userId }, { idempotencyKey: 'key-of-strangers' }),
      );
    expect([await end('one'), await end('other'), await end('one')].map(({ endedCount }) => endedCount)).toEqual([
      1, 2, 1,
    ]);
  });

  it('gives a refusal again that came from what the call met', async () => {
    const again = { code: 'RESOURCE_CONFLICT', detail: 'It was so.' };
    await expect(call('conflict', 'key-6')).rejects.toMatchObject(again);
    await expect(call('conflict', 'key-6')).rejects.toMatchObject(again);
    expect(Counting.served).toBe(1);
  });

  it('tries again what was broken', async () => {
    await expect(call('broken', 'key-7')).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(call('broken', 'key-7')).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(Counting.served).toBe(2);
  });

  it('serves one of many at once', async () => {
    const calls = await Promise.allSettled(Array.from({ length: 10 }, () => call('many', 'key-8')));
    expect(Counting.served).toBe(1);
    const refused = calls.filter(({ status }) => status === 'rejected');
    for (const { reason } of refused as PromiseRejectedResult[]) {
      expect(reason).toMatchObject({ code: 'IDEMPOTENCY_KEY_IN_USE' });
    }
  });

  it.each(['', 'a b', 'x'.repeat(256)])('refuses the key "%s"', async (key) => {
    await expect(call('nine', key)).rejects.toMatchObject({ code: 'REQUEST_HEADER_INVALID' });
    expect(Counting.served).toBe(0);
  });
});
