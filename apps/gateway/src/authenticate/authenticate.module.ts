import { Module } from '@nestjs/common';

import { ApiKeyServiceService, GrpcClients, SessionServiceService } from '@libs/grpc';
import { Names } from '@libs/names';
import { EventBus } from '@libs/redis';

import { Snapshots } from '../configuration/snapshots.js';
import { ApiKeys } from './api-keys.js';
import { ConfiguredApiKeys } from './configured-api-keys.js';
import { ConfiguredSessions } from './configured-sessions.js';
import { ConfiguredTokens } from './configured-tokens.js';
import { GrpcApiKeys } from './grpc-api-keys.js';
import { GrpcSessions } from './grpc-sessions.js';
import { Sessions } from './sessions.js';
import { TokenVerifier } from './token-verifier.js';
import { trustIssuer } from './trusted-issuer.js';

const tokens = (snapshots: Snapshots, bus: EventBus, names: Names): TokenVerifier =>
  new ConfiguredTokens(snapshots, (issuer) => trustIssuer(issuer, bus, names));

const sessions = (bus: EventBus, clients: GrpcClients): Sessions =>
  new ConfiguredSessions(() => new GrpcSessions(clients.to('auth-service', SessionServiceService), bus));

const apiKeys = (bus: EventBus, clients: GrpcClients): ApiKeys =>
  new ConfiguredApiKeys(() => new GrpcApiKeys(clients.to('auth-service', ApiKeyServiceService), bus));

@Module({
  providers: [
    { provide: TokenVerifier, inject: [Snapshots, EventBus, Names], useFactory: tokens },
    { provide: Sessions, inject: [EventBus, GrpcClients], useFactory: sessions },
    { provide: ApiKeys, inject: [EventBus, GrpcClients], useFactory: apiKeys },
  ],
  exports: [TokenVerifier, Sessions, ApiKeys],
})
export class AuthenticateModule {}
