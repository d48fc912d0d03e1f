import { type DynamicModule, type INestMicroservice, Module, type Type } from '@nestjs/common';
import type { NestMicroservice } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { ClockModule, ComparedClock } from '@libs/clock';
import type { ServiceSettings } from '@libs/config';
import { GrpcModule, type GrpcServer, type GrpcServiceDefinition, grpcServer, type PeerName } from '@libs/grpc';
import { admitOnly, callers, type OwnCertificate, ownCertificateIn, ownCertificatesAreGood } from '@libs/mutual-tls';
import { Metrics, ObservabilityModule, ownVersion, ReadinessChecks, runAsService } from '@libs/observability';
import { DatabaseHealth, IdempotencyInterceptor } from '@libs/persistence';
import { RedisHealth } from '@libs/redis';
import { startTracing, type Tracer } from '@libs/tracing';
import { TrustedHeadersModule } from '@libs/trusted-headers';

import { logCalls } from '../access-log/call-log.js';
import { compareClocks } from './compare-clocks.js';
import { createApp } from '../http/create-app.js';
import { provided } from './provided.js';
import type { RunningService } from './running-service.js';
import { serve } from './serve.js';

export interface ServiceDefinition {
  readonly name: PeerName;
  /** The service itself. Seals, gRPC clients, log, metrics and health come with `startService`. */
  readonly module: Type | DynamicModule;
  readonly settings: Omit<ServiceSettings, 'databaseUrl' | 'redisUrl' | 'dataDir' | 'tracing'> &
    Partial<Pick<ServiceSettings, 'tracing'>>;
  readonly grpc?: { readonly services: readonly GrpcServiceDefinition[] };
}

/** Starts a service behind the gateway: REST, gRPC and management, ready when the promise resolves. */
export const startService = (definition: ServiceDefinition): Promise<RunningService> =>
  runAsService(definition.name, async () => {
    const { name, module, settings } = definition;
    const tracer = startTracing({ service: name, version: ownVersion(), ratio: 1, ...settings.tracing });
    const certificate = ownCertificateIn(settings);
    const clock = new ComparedClock(settings.clockLeewayMs);
    const app = await createApp({
      name,
      logLevel: settings.logLevel,
      module: serviceModule(definition, module, { tracer, certificate, clock }),
      certificate,
    });
    if (certificate !== undefined) admitOnly(app.getHttpServer(), certificate, callers[name].http);
    const idempotency = provided(app, IdempotencyInterceptor);
    if (idempotency !== undefined) app.useGlobalInterceptors(idempotency);
    addReadinessChecks(app);
    addClocks(app, clock);
    if (certificate !== undefined) app.get(ReadinessChecks).add('certificate', () => ownCertificatesAreGood());
    return serve({
      name,
      app,
      settings,
      certificate,
      grpc: connectGrpc(app, definition, { tracer, certificate, clock }),
      beforeOpening: () => compareClocks(app, clock),
    });
  });

/** What a process has once, and hands to all that talks to others. */
interface Wiring {
  readonly tracer: Tracer | undefined;
  readonly certificate: OwnCertificate | undefined;
  readonly clock: ComparedClock;
}

@Module({})
class ServiceModule {}

const serviceModule = (
  { name, settings }: ServiceDefinition,
  module: Type | DynamicModule,
  { tracer, certificate, clock }: Wiring,
): DynamicModule => ({
  module: ServiceModule,
  imports: [
    ClockModule.of(clock),
    ObservabilityModule.forRoot({ service: name, level: settings.logLevel }),
    TrustedHeadersModule.forRoot({ audience: name, sealKey: settings.sealKey, tracer, clock }),
    GrpcModule.forRoot({ service: name, sealKey: settings.sealKey, peers: settings.peers, certificate, clock }),
    module,
  ],
});

function connectGrpc(
  app: NestFastifyApplication,
  { name, grpc, settings }: ServiceDefinition,
  { tracer, certificate, clock }: Wiring,
): GrpcServer | undefined {
  if (grpc === undefined) return undefined;
  const { grpcHost: host, grpcPort: port, nodeEnv } = settings;
  const admission = certificate === undefined ? undefined : { own: certificate, allowed: callers[name].grpc };
  const production = nodeEnv === 'production';
  const now = (): number | undefined => (clock.isOff ? undefined : Date.now());
  const server = grpcServer({ host, port, services: grpc.services, production, admission, tracer, now });
  // Initialised later, or it would not learn of the hook any more.
  const microservice = app.connectMicroservice(server, { deferInitialization: true });
  microservice.registerPreRequestHook(logCalls(app.get(Metrics)));
  callHooksOnce(microservice);
  return server.strategy;
}

/** Nest would call `onModuleInit` and `onApplicationBootstrap` for HTTP and again for gRPC: what they start would run twice. */
function callHooksOnce(microservice: INestMicroservice): void {
  (microservice as NestMicroservice).setIsInitHookCalled(true);
}

function addReadinessChecks(app: NestFastifyApplication): void {
  const readiness = app.get(ReadinessChecks);
  const database = provided(app, DatabaseHealth);
  if (database !== undefined) readiness.add('database', () => database.check());
  const redis = provided(app, RedisHealth);
  if (redis?.configured === true) readiness.add('redis', () => redis.check());
}

/** What this process shares with others has a clock of its own; files and memory have not. */
function addClocks(app: NestFastifyApplication, clock: ComparedClock): void {
  const database = provided(app, DatabaseHealth);
  if (database?.hasOwnClock === true) clock.add('database', () => database.time());
  const redis = provided(app, RedisHealth);
  if (redis?.configured === true) clock.add('redis', () => redis.time());
}
