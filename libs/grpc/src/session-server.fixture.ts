import { EventEmitter, once } from 'node:events';

import type { Metadata, ServerUnaryCall } from '@grpc/grpc-js';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';

import { invalidField, Refusal } from '@libs/errors';
import { Access, currentContext, type RequestContext, TrustedHeadersModule } from '@libs/trusted-headers';

import { type GetSessionRequest, type GetSessionResponse, SessionServiceService, SessionStatus } from './contracts.js';
import { GrpcServer, type GrpcServerOptions } from './grpc-server.js';
import { GrpcService } from './grpc-service.js';
import type { GrpcHandlers } from './service-definition.js';

const answer = {
  status: SessionStatus.ACTIVE,
  userId: 'alice',
  tenantId: 't1',
  expireTime: new Date(1_800_000_000_123),
};

type SessionCall = ServerUnaryCall<GetSessionRequest, GetSessionResponse>;

const signals = new EventEmitter();

const reactions: Record<string, (call: SessionCall) => Promise<GetSessionResponse>> = {
  'invalid-field': () => Promise.reject(invalidField('sessionId', 'TOO_SHORT', 'The session id is too short.')),
  limited: () =>
    Promise.reject(new Refusal('RATE_LIMITED', { detail: 'Slow down – 5 s', headers: { 'retry-after': '5' } })),
  broken: () => Promise.reject(new Error('the password of the database is hunter2')),
  'database-away': () => Promise.reject(Object.assign(new Error('no 10.0.0.7'), { code: 'ECONNREFUSED' })),
  endless: (call) => once(call, 'cancelled').then(() => answer),
  waiting: () => once(signals, 'release').then(() => answer),
};

/** Answers according to the session id that is asked for, and keeps the context that each call ran in. */
@GrpcService(SessionServiceService)
@Access('user')
export class SessionHandlers implements GrpcHandlers<typeof SessionServiceService> {
  static readonly contexts: RequestContext[] = [];

  /** The servers at which sessions of users were ended. */
  static readonly called = new Set<SessionHandlers>();

  static readonly arrived = (): Promise<unknown> => once(signals, 'arrived');

  /** Lets the calls for the session `waiting` end. */
  static readonly release = (): void => void signals.emit('release');

  async getSession(request: GetSessionRequest, _metadata: Metadata, call: SessionCall) {
    SessionHandlers.contexts.push(currentContext());
    signals.emit('arrived');
    return (await reactions[request.sessionId]?.(call)) ?? answer;
  }

  @Access('service')
  async endUserSessions() {
    SessionHandlers.called.add(this);
    return { endedCount: currentContext().identity.userName.length };
  }
}

export interface SessionServer {
  readonly app: NestFastifyApplication;
  readonly server: GrpcServer;
  readonly address: string;
}

/** A Nest application of the shape that services have, which serves `SessionService` on a free port. */
export async function startSessionServer(
  sealKey: Buffer,
  options: Partial<GrpcServerOptions> = {},
): Promise<SessionServer> {
  const module = await Test.createTestingModule({
    imports: [TrustedHeadersModule.forRoot({ audience: 'auth-service', sealKey })],
    controllers: [SessionHandlers],
  }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  const server = new GrpcServer({
    host: '127.0.0.1',
    port: 0,
    services: [SessionServiceService],
    production: false,
    ...options,
  });
  app.connectMicroservice({ strategy: server });
  await app.startAllMicroservices();
  return { app, server, address: `127.0.0.1:${server.port}` };
}
