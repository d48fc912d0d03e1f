import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import {
  Client,
  type ClientDuplexStream,
  credentials,
  makeGenericClientConstructor,
  Metadata,
  type ServiceDefinition,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { service as healthService } from 'grpc-health-check';

import { anIdentity } from '@libs/testing';
import { deriveSealKey, newContext, runInContext, sealIdentity } from '@libs/trusted-headers';

import { SessionServiceService } from './contracts.js';
import { GrpcClients } from './grpc-clients.js';
import { SessionHandlers, type SessionServer, startSessionServer } from './session-server.fixture.js';
import { refusalIn } from './status-details.js';

const sealKey = randomBytes(32);
const alice = anIdentity({ userId: 'alice', tenantId: 't1', roles: ['user'] });
const { getSession, endUserSessions } = SessionServiceService;

const sealed = (path: string, audience = 'auth-service', headers: Record<string, string> = {}): Metadata => {
  const target = { identity: alice, method: 'POST', path, requestId: 'request-1', traceId: '0'.repeat(32) };
  const metadata = new Metadata();
  const seal = sealIdentity({ ...target, key: deriveSealKey(sealKey, audience), now: Date.now() });
  for (const [name, value] of Object.entries({ ...seal, ...headers })) metadata.set(name, value);
  return metadata;
};

describe('GrpcServer', () => {
  let peer: SessionServer;
  let raw: Client;

  const call = (metadata: Metadata, path: string = getSession.path): Promise<ServiceError | null> =>
    new Promise((resolve) => {
      const request = { sessionId: 'any' };
      raw.makeUnaryRequest(
        path,
        getSession.requestSerialize,
        getSession.responseDeserialize,
        request,
        metadata,
        (error) => resolve(error),
      );
    });

  beforeAll(async () => {
    peer = await startSessionServer(sealKey);
    raw = new Client(peer.address, credentials.createInsecure());
  });
  beforeEach(() => void SessionHandlers.contexts.splice(0));
  afterAll(async () => {
    raw.close();
    await peer.app.close();
  });

  it('tells the port that it took', () => {
    expect(peer.server.port).toBeGreaterThan(0);
  });

  it('lets in a call with a seal for exactly this call', async () => {
    expect(await call(sealed(getSession.path))).toBeNull();
  });

  it.each([
    { when: 'there is no metadata', metadata: () => new Metadata() },
    {
      when: 'the identity is only claimed',
      metadata: () => {
        const metadata = new Metadata();
        metadata.set('x-user-id', 'alice');
        metadata.set('x-active', 'true');
        return metadata;
      },
    },
    { when: 'the seal is for another method', metadata: () => sealed(endUserSessions.path) },
    { when: 'the seal is for another service', metadata: () => sealed(getSession.path, 'tenant-service') },
    { when: 'a role was added', metadata: () => sealed(getSession.path, 'auth-service', { 'x-roles': 'user,admin' }) },
    { when: 'an alias was added', metadata: () => sealed(getSession.path, 'auth-service', { x_user_id: 'bob' }) },
    {
      when: 'a header came twice',
      metadata: () => {
        const metadata = sealed(getSession.path);
        metadata.add('x-user-id', 'bob');
        return metadata;
      },
    },
  ])('answers UNAUTHENTICATED with ErrorInfo when $when', async ({ metadata }) => {
    const error = await call(metadata());
    expect(error).toMatchObject({ code: status.UNAUTHENTICATED });
    expect(refusalIn(error as ServiceError)).toMatchObject({ code: 'IDENTITY_SEAL_INVALID' });
    expect(SessionHandlers.contexts).toEqual([]);
  });

  it('answers UNIMPLEMENTED for a method that is not there', async () => {
    const path = '/gatehouse.auth.v1.SessionService/Guess';
    expect(await call(sealed(path), path)).toMatchObject({ code: status.UNIMPLEMENTED });
  });

  it('answers RESOURCE_EXHAUSTED to a message of more than 4 MiB, and lives', async () => {
    const request = { sessionId: 'x'.repeat(4 * 1024 * 1024 + 1) };
    const metadata = sealed(getSession.path);
    const error = await new Promise((resolve) => {
      const { path, requestSerialize, responseDeserialize } = getSession;
      raw.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, resolve);
    });
    expect(error).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    expect(await call(sealed(getSession.path))).toBeNull();
  });

  it('refuses an unreadable message of somebody who may call, and lives', async () => {
    const garbage = Buffer.from('ffffffffff', 'hex');
    const error = await new Promise((resolve) => {
      const metadata = sealed(getSession.path);
      raw.makeUnaryRequest(getSession.path, () => garbage, getSession.responseDeserialize, null, metadata, resolve);
    });
    expect(error).toMatchObject({ code: status.INVALID_ARGUMENT });
    expect(await call(sealed(getSession.path))).toBeNull();
  });

  describe('health', () => {
    const check = (service: string): Promise<unknown> =>
      new Promise((resolve) => {
        const HealthClient = makeGenericClientConstructor(healthService, 'Health');
        const client = new HealthClient(peer.address, credentials.createInsecure());
        client['check']?.({ service }, (error: ServiceError | null, answer: { status: string } | undefined) => {
          client.close();
          resolve(error?.code ?? answer?.status);
        });
      });

    it.each(['', 'gatehouse.auth.v1.SessionService'])(
      'follows what it is told, for the service %p, without a seal',
      async (name) => {
        expect(await check(name)).toBe('SERVING');
        peer.server.health.setServing(false);
        expect(await check(name)).toBe('NOT_SERVING');
        peer.server.health.setServing(true);
        expect(await check(name)).toBe('SERVING');
      },
    );

    it('answers NOT_FOUND for a service that is not there', async () => {
      expect(await check('gatehouse.auth.v1.Nothing')).toBe(status.NOT_FOUND);
    });
  });

  describe('reflection', () => {
    const protoFile = join(
      dirname(createRequire(import.meta.url).resolve('@grpc/reflection')),
      '../proto/grpc/reflection/v1/reflection.proto',
    );
    interface Answer {
      list_services_response?: { service: { name: string }[] };
      file_descriptor_response?: { file_descriptor_proto: Buffer[] };
    }
    const reflection = loadSync(protoFile, { keepCase: true })[
      'grpc.reflection.v1.ServerReflection'
    ] as ServiceDefinition;
    const ReflectionClient = makeGenericClientConstructor(reflection, 'ServerReflection');

    const ask = (address: string, question: object): Promise<Answer> => {
      const client = new ReflectionClient(address, credentials.createInsecure());
      return new Promise<Answer>((resolve, reject) => {
        const stream = client['ServerReflectionInfo']?.() as unknown as ClientDuplexStream<object, Answer>;
        stream.once('data', resolve);
        stream.once('error', reject);
        stream.write(question);
        stream.end();
      }).finally(() => client.close());
    };

    const describeSymbol = async (symbol: string) => {
      const { file_descriptor_response: found } = await ask(peer.address, { file_containing_symbol: symbol });
      return found?.file_descriptor_proto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes)) ?? [];
    };

    it('names the services that are served, and only those', async () => {
      const { list_services_response: list } = await ask(peer.address, { list_services: '*' });
      const names = list?.service.map(({ name }) => name).toSorted();
      expect(names).toEqual(['gatehouse.auth.v1.SessionService', 'grpc.health.v1.Health']);
    });

    it('describes a service with all the files that it refers to', async () => {
      const [file, ...others] = await describeSymbol('gatehouse.auth.v1.SessionService');
      const response = file?.messageType.find(({ name }) => name === 'GetSessionResponse');
      expect(response?.field.map(({ name }) => name)).toEqual(['status', 'user_id', 'tenant_id', 'expire_time']);
      expect(file?.dependency).toEqual(others.map(({ name }) => name));
      expect(others.map(({ package: name }) => name)).toEqual(['google.protobuf']);
    });

    it('describes maps as protoc does', async () => {
      const [file] = await describeSymbol('google.rpc.ErrorInfo');
      const info = file?.messageType.find(({ name }) => name === 'ErrorInfo');
      expect(info?.field.find(({ name }) => name === 'metadata')?.typeName).toBe('MetadataEntry');
      expect(info?.nestedType.map(({ name }) => name)).toEqual(['MetadataEntry']);
    });

    it('is not there in production', async () => {
      const closed = await startSessionServer(sealKey, { production: true });
      const answer = ask(closed.address, { list_services: '*' });
      await expect(answer).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
      await closed.app.close();
    });
  });

  describe('close', () => {
    it('lets a running call finish before it is done', async () => {
      const stopping = await startSessionServer(sealKey);
      const clients = new GrpcClients({ service: 'ecs-service', sealKey, peers: { 'auth-service': stopping.address } });
      const running = runInContext(newContext(alice), () =>
        clients.to('auth-service', SessionServiceService).getSession({ sessionId: 'waiting' }),
      );
      await SessionHandlers.arrived();
      const closed = stopping.server.close();
      SessionHandlers.release();
      expect(await running).toMatchObject({ userId: 'alice' });
      await closed;
      clients.onApplicationShutdown();
      await stopping.app.close();
    });

    it('cuts a call that does not end', async () => {
      const stopping = await startSessionServer(sealKey, { drainMs: 50 });
      const clients = new GrpcClients({ service: 'ecs-service', sealKey, peers: { 'auth-service': stopping.address } });
      const cut = runInContext(newContext(alice), () =>
        clients.to('auth-service', SessionServiceService).getSession({ sessionId: 'endless' }, { deadlineMs: 60_000 }),
      );
      const outcome = cut.then(
        () => 'answered',
        ({ name }: Error) => name,
      );
      await SessionHandlers.arrived();
      await stopping.server.close();
      expect(await outcome).toBe('Refusal');
      clients.onApplicationShutdown();
      await stopping.app.close();
    });
  });
});
