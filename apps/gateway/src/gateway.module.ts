import { type CanActivate, type DynamicModule, Module } from '@nestjs/common';

import { ClockModule, ComparedClock } from '@libs/clock';
import { EventsModule } from '@libs/events';
import { GrpcModule } from '@libs/grpc';
import { names as ownNames, NamesModule } from '@libs/names';
import { actuatorOptions, Metrics, ObservabilityModule, ownVersion } from '@libs/observability';
import { RateLimitsModule } from '@libs/rate-limits';
import { RedisModule } from '@libs/redis';
import { startTracing, Tracer } from '@libs/tracing';

import { gatewayEndpoints } from './operate/actuator/gateway-actuator.js';
import {
  PublicActuatorController,
  PublicGatewayActuatorController,
} from './operate/actuator/public-actuator.controller.js';
import { AuthenticateModule } from './stages/authenticate/authenticate.module.js';
import { AuthorizeModule } from './stages/authorize/authorize.module.js';
import { BalanceModule } from './stages/balance/balance.module.js';
import { ConfigurationModule } from './configuration/live/configuration.module.js';
import { ClientTraces } from './request/client-traces.js';
import { Entry } from './entry/entry.js';
import { Connections } from './upstream/connections.js';
import { graceOfLeaving } from './entry/leaving.js';
import { type StageInstance, Walk } from './entry/walk.js';
import { SealKeys } from './stages/forward/seal-keys.js';
import { Via } from './http/via.js';
import { UpstreamMetrics } from './upstream/upstream-metrics.js';
import { AccessLog } from './stages/observe/access-log.js';
import { AccessLogSink, LoggedAccess } from './stages/observe/access-log-sink.js';
import { Admission } from './capacity/admission.js';
import { ConnectionLimits } from './entry/connection-limits.js';
import { PenaltyBox } from './capacity/penalty-box.js';
import { StreamBounds } from './streams/stream-bounds.js';
import { WaitingBodies } from './capacity/waiting-bodies.js';
import { OpenapiController } from './operate/public/openapi.controller.js';
import { PublicController } from './operate/public/public.controller.js';
import { RateLimitModule } from './stages/limit/rate-limit.module.js';
import type { GatewayOptions } from './gateway-options.js';
import { executionOf, passGuards } from './request/pass-guards.js';
import { Contexts } from './request/contexts.js';
import { Uploads } from './capacity/uploads.js';
import { OwnControllers } from './stages/answer/own-controllers.js';
import { AuthenticateGuard } from './stages/authenticate/authenticate.guard.js';
import { AuthorizeGuard } from './stages/authorize/authorize.guard.js';
import { LiveStreams, StreamAccess } from './streams/live-streams.js';
import { Upstreams } from './upstream/upstreams.js';
import { pipeline, type PipelineStage } from './pipeline.js';

@Module({})
export class GatewayModule {
  /** `stages`: what a request passes, in this order. */
  static forRoot(options: GatewayOptions, stages: readonly PipelineStage[] = pipeline): DynamicModule {
    const {
      names = ownNames,
      logLevel,
      redisUrl,
      sealKey,
      peers,
      certificate,
      accessLog,
      tracing,
      tracesByClients,
      clock = new ComparedClock(),
    } = options;
    const types = stages.map(({ by }) => by);
    return {
      module: GatewayModule,
      imports: [
        NamesModule.of(names),
        ClockModule.of(clock),
        ConfigurationModule.forRoot(options),
        ObservabilityModule.forRoot({ service: 'gateway', level: logLevel }),
        RedisModule.forRoot({ redisUrl, names }),
        EventsModule,
        RateLimitsModule.forRoot({ isGateway: true }),
        GrpcModule.forRoot({ service: 'gateway', sealKey, peers, certificate, names, clock }),
        AuthenticateModule,
        AuthorizeModule,
        RateLimitModule,
        BalanceModule,
      ],
      controllers: [PublicController, OpenapiController, PublicGatewayActuatorController, PublicActuatorController],
      providers: [
        Admission,
        { provide: PenaltyBox, useFactory: () => new PenaltyBox() },
        ConnectionLimits,
        WaitingBodies,
        StreamBounds,
        { provide: Uploads, useFactory: () => new Uploads(graceOfLeaving) },
        Connections,
        Upstreams,
        UpstreamMetrics,
        OwnControllers,
        Contexts,
        Entry,
        ...types,
        { provide: Walk, inject: types, useFactory: (...made: StageInstance[]) => new Walk(made) },
        // Outside of the pipeline: what cannot be read as a request is logged too, and streams that go on are asked again.
        AccessLog,
        AuthenticateGuard,
        AuthorizeGuard,
        {
          provide: StreamAccess,
          inject: [AuthenticateGuard, AuthorizeGuard],
          useFactory: (...guards: CanActivate[]): StreamAccess => ({
            check: (request) => passGuards(guards, executionOf(request, undefined)),
          }),
        },
        LiveStreams,
        // Whoever gets as far as that on this port is an operator.
        { provide: actuatorOptions, useValue: { endpoints: gatewayEndpoints, maySeeDetails: () => true } },
        {
          provide: Tracer,
          useFactory: () => startTracing({ service: 'gateway', version: ownVersion(), ratio: 1, ...tracing }),
        },
        {
          provide: ClientTraces,
          inject: [Metrics],
          useFactory: (metrics: Metrics) =>
            tracesByClients === undefined ? undefined : new ClientTraces(tracesByClients, metrics),
        },
        { provide: SealKeys, useFactory: () => new SealKeys(sealKey) },
        { provide: Via, useFactory: () => new Via(sealKey) },
        { provide: AccessLogSink, useFactory: () => accessLog ?? new LoggedAccess(logLevel) },
      ],
    };
  }
}
