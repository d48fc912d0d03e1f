import { type CanActivate, type DynamicModule, Module } from '@nestjs/common';

import { ClockModule, ComparedClock } from '@libs/clock';
import { EventsModule } from '@libs/events';
import { GrpcModule } from '@libs/grpc';
import { names as ownNames, NamesModule } from '@libs/names';
import { actuatorOptions, ObservabilityModule } from '@libs/observability';
import { RateLimitsModule } from '@libs/rate-limits';
import { RedisModule } from '@libs/redis';

import { CapacityModule } from './capacity/capacity.module.js';
import { ConfigurationModule } from './configuration/live/configuration.module.js';
import { ConnectionLimits } from './entry/connection-limits.js';
import { Entry } from './entry/entry.js';
import { type StageInstance, Walk } from './entry/walk.js';
import type { GatewayOptions } from './gateway-options.js';
import { gatewayEndpoints } from './operate/actuator/gateway-actuator.js';
import {
  PublicActuatorController,
  PublicGatewayActuatorController,
} from './operate/actuator/public-actuator.controller.js';
import { OpenapiController } from './operate/public/openapi.controller.js';
import { PublicController } from './operate/public/public.controller.js';
import { pipeline, type PipelineStage } from './pipeline.js';
import { executionOf, passGuards } from './request/pass-guards.js';
import { RequestModule } from './request/request.module.js';
import { SealsModule } from './seals/seals.module.js';
import { AdmitModule } from './stages/admit/admit.module.js';
import { AnswerModule } from './stages/answer/answer.module.js';
import { AuthenticateGuard } from './stages/authenticate/authenticate.guard.js';
import { AuthenticateModule } from './stages/authenticate/authenticate.module.js';
import { AuthorizeGuard } from './stages/authorize/authorize.guard.js';
import { AuthorizeModule } from './stages/authorize/authorize.module.js';
import { BalanceModule } from './stages/balance/balance.module.js';
import { EdgeModule } from './stages/edge/edge.module.js';
import { ForwardModule } from './stages/forward/forward.module.js';
import { RateLimitModule } from './stages/limit/rate-limit.module.js';
import { ObserveModule } from './stages/observe/observe.module.js';
import { RouteModule } from './stages/route/route.module.js';
import { StreamsModule } from './streams/streams.module.js';
import { UpstreamModule } from './upstream/upstream.module.js';

/** Who still may have what was begun: asked as the pipeline asks about new requests. */
const streamAccess = {
  imports: [AuthenticateModule, AuthorizeModule],
  inject: [AuthenticateGuard, AuthorizeGuard],
  useFactory: (...guards: CanActivate[]) => ({
    check: (request: Parameters<typeof executionOf>[0]) => passGuards(guards, executionOf(request, undefined)),
  }),
};

@Module({})
export class GatewayModule {
  /** `stages`: what a request passes, in this order. */
  static forRoot(options: GatewayOptions, stages: readonly PipelineStage[] = pipeline): DynamicModule {
    const { names = ownNames, logLevel, redisUrl, sealKey, peers, certificate, accessLog } = options;
    const { clock = new ComparedClock() } = options;
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
        SealsModule.of(sealKey),
        RequestModule.of(options),
        CapacityModule,
        UpstreamModule,
        StreamsModule.forRootAsync(streamAccess),
        // The stages of the pipeline.
        ObserveModule.of(accessLog, logLevel),
        EdgeModule,
        RouteModule,
        AnswerModule,
        AdmitModule,
        RateLimitModule,
        AuthenticateModule,
        AuthorizeModule,
        BalanceModule,
        ForwardModule,
      ],
      controllers: [PublicController, OpenapiController, PublicGatewayActuatorController, PublicActuatorController],
      providers: [
        {
          provide: Walk,
          inject: stages.map(({ by }) => by),
          useFactory: (...made: StageInstance[]) => new Walk(made),
        },
        Entry,
        ConnectionLimits,
        // Whoever gets as far as that on this port is an operator.
        { provide: actuatorOptions, useValue: { endpoints: gatewayEndpoints, maySeeDetails: () => true } },
      ],
    };
  }
}
