import { type CanActivate, type DynamicModule, Module } from '@nestjs/common';

import { ClockModule, ComparedClock } from '@libs/clock';
import { GrpcModule } from '@libs/grpc';
import { names as ownNames, NamesModule } from '@libs/names';
import { actuatorOptions, Metrics, ObservabilityModule, ownVersion } from '@libs/observability';
import { RedisModule } from '@libs/redis';
import { startTracing, Tracer } from '@libs/tracing';

import { gatewayEndpoints } from './actuator/gateway-actuator.js';
import { PublicActuatorController, PublicGatewayActuatorController } from './actuator/public-actuator.controller.js';
import { AuthenticateModule } from './authenticate/authenticate.module.js';
import { AuthorizeModule } from './authorize/authorize.module.js';
import { BalanceModule } from './balance/balance.module.js';
import { ConfigurationModule } from './configuration/configuration.module.js';
import { ClientTraces } from './edge/client-traces.js';
import { Door } from './edge/door.js';
import { Edge } from './edge/edge.js';
import { Connections } from './forward/connections.js';
import { Forwarder } from './forward/forwarder.js';
import { LiveStreams } from './forward/live-streams.js';
import { Proxy } from './forward/proxy.js';
import { SealKeys } from './forward/seal-keys.js';
import { Via } from './forward/via.js';
import { UpstreamMetrics } from './forward/upstream-metrics.js';
import { AccessLog } from './observe/access-log.js';
import { AccessLogSink, LoggedAccess } from './observe/access-log-sink.js';
import { Admission } from './protect/admission.js';
import { ConnectionLimits } from './protect/connection-limits.js';
import { PenaltyBox } from './protect/penalty-box.js';
import { StreamBounds } from './protect/stream-bounds.js';
import { WaitingBodies } from './protect/waiting-bodies.js';
import { OpenapiController } from './public/openapi.controller.js';
import { PublicController } from './public/public.controller.js';
import { RateLimitModule } from './rate-limit/rate-limit.module.js';
import { Router } from './route/router.js';
import type { GatewayOptions } from './gateway-options.js';
import { pipelineGuards } from './pipeline.js';

@Module({})
export class GatewayModule {
  static forRoot(options: GatewayOptions): DynamicModule {
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
    return {
      module: GatewayModule,
      imports: [
        NamesModule.of(names),
        ClockModule.of(clock),
        ConfigurationModule.forRoot(options),
        ObservabilityModule.forRoot({ service: 'gateway', level: logLevel }),
        RedisModule.forRoot({ redisUrl, isGateway: true, names }),
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
        Door,
        Edge,
        Router,
        Connections,
        UpstreamMetrics,
        ...pipelineGuards,
        LiveStreams,
        Forwarder,
        {
          provide: Proxy,
          inject: [Forwarder, WaitingBodies, ...pipelineGuards],
          useFactory: (forwarder: Forwarder, awaited: WaitingBodies, ...guards: CanActivate[]) =>
            new Proxy(guards, forwarder, awaited),
        },
        AccessLog,
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
