import { Module } from '@nestjs/common';

import { ApiKeyServiceService, GrpcClients, SessionServiceService } from '@libs/grpc';
import { EventBus } from '@libs/redis';

import { Snapshots } from '../configuration/snapshots.js';
import { ApiKeys } from './api-keys.js';
import { apiKeyHeader } from './authenticate.guard.js';
import { BearerTokens } from './bearer-tokens.js';
import { GrpcApiKeys } from './grpc-api-keys.js';
import { GrpcSessions } from './grpc-sessions.js';
import { NoApiKeys } from './no-api-keys.js';
import { Sessions, UntrackedSessions } from './sessions.js';
import { trustIssuer } from './trusted-issuer.js';

const bearerTokens = ({ current }: Snapshots, bus: EventBus): BearerTokens =>
  new BearerTokens(current.configuration.authentication.jwt.issuers.map((issuer) => trustIssuer(issuer, bus)));

const sessions = ({ current }: Snapshots, bus: EventBus, clients: GrpcClients): Sessions =>
  current.configuration.authentication.sessions.resolver === 'grpc'
    ? new GrpcSessions(clients.to('auth-service', SessionServiceService), bus)
    : new UntrackedSessions();

const apiKeys = ({ current }: Snapshots, bus: EventBus, clients: GrpcClients): ApiKeys =>
  current.configuration.authentication.apiKeys.resolver === 'grpc'
    ? new GrpcApiKeys(clients.to('auth-service', ApiKeyServiceService), bus)
    : new NoApiKeys();

/** Undefined without API keys: the header then says nothing about the caller. */
const headerOfApiKeys = ({ current }: Snapshots): string | undefined => {
  const { header, resolver } = current.configuration.authentication.apiKeys;
  return resolver === 'none' ? undefined : header.toLowerCase();
};

@Module({
  providers: [
    { provide: BearerTokens, inject: [Snapshots, EventBus], useFactory: bearerTokens },
    { provide: Sessions, inject: [Snapshots, EventBus, GrpcClients], useFactory: sessions },
    { provide: ApiKeys, inject: [Snapshots, EventBus, GrpcClients], useFactory: apiKeys },
    { provide: apiKeyHeader, inject: [Snapshots], useFactory: headerOfApiKeys },
  ],
  exports: [BearerTokens, Sessions, ApiKeys, apiKeyHeader],
})
export class AuthenticateModule {}
