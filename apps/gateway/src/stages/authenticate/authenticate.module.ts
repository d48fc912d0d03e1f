import { Module } from '@nestjs/common';

import { ComparedClock } from '@libs/clock';
import { EventBus } from '@libs/events';
import { ApiKeyServiceService, GrpcClients, SessionServiceService } from '@libs/grpc';
import { Names } from '@libs/names';

import { Snapshots } from '../../runtime/snapshots.js';
import { AuthenticateGuard } from './authenticate.guard.js';
import { ApiKeys } from './api-keys/api-keys.js';
import { ConfiguredApiKeys } from './api-keys/configured-api-keys.js';
import { ConfiguredSessions } from './sessions/configured-sessions.js';
import { ConfiguredTokens } from './tokens/configured-tokens.js';
import { GrpcApiKeys } from './api-keys/grpc-api-keys.js';
import { GrpcSessions } from './sessions/grpc-sessions.js';
import { Sessions } from './sessions/sessions.js';
import { TokenVerifier } from './tokens/token-verifier.js';
import { trustIssuer } from './issuers/trusted-issuer.js';

const tokens = (snapshots: Snapshots, bus: EventBus, names: Names, clock: ComparedClock): TokenVerifier =>
  new ConfiguredTokens(snapshots, (issuer) => trustIssuer(issuer, bus, names), clock);

const sessions = (bus: EventBus, clients: GrpcClients, clock: ComparedClock): Sessions =>
  new ConfiguredSessions(() => new GrpcSessions(clients.to('auth-service', SessionServiceService), bus, clock));

const apiKeys = (bus: EventBus, clients: GrpcClients, clock: ComparedClock): ApiKeys =>
  new ConfiguredApiKeys(() => new GrpcApiKeys(clients.to('auth-service', ApiKeyServiceService), bus, clock));

@Module({
  providers: [
    { provide: TokenVerifier, inject: [Snapshots, EventBus, Names, ComparedClock], useFactory: tokens },
    { provide: Sessions, inject: [EventBus, GrpcClients, ComparedClock], useFactory: sessions },
    { provide: ApiKeys, inject: [EventBus, GrpcClients, ComparedClock], useFactory: apiKeys },
    AuthenticateGuard,
  ],
  exports: [AuthenticateGuard],
})
export class AuthenticateModule {}
