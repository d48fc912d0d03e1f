import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { anonymous, type Identity } from '@libs/trusted-headers';

import { contextOf, type GatewayContext } from '../../request/gateway-context.js';
import { ApiKeys } from './api-keys/api-keys.js';
import { missing, rejected } from './credentials/challenge.js';
import { type Credentials, readCredentials } from './credentials/credentials.js';
import { Sessions } from './sessions/sessions.js';
import { TokenVerifier } from './tokens/token-verifier.js';

/**
 * Names the caller. A public route may be called without credentials, but those that are sent must be good:
 * treating bad ones as nobody would hide expired sessions from clients and give attackers a quieter probe.
 */
@Injectable()
export class AuthenticateGuard implements CanActivate {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly sessions: Sessions,
    private readonly apiKeys: ApiKeys,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<true> {
    const context = contextOf(execution.switchToHttp().getRequest<FastifyRequest>());
    const { authenticated, methods } = context.route.access;
    // The gateway's own addresses know nobody, so there is nothing to check.
    if (methods.length === 0) return true;

    const { apiKeyHeader, maxTokenLength } = context.snapshot;
    const credentials = readCredentials(context.headers, apiKeyHeader, maxTokenLength);
    if (credentials === undefined) {
      if (authenticated) throw missing();
      return true;
    }
    if (!methods.includes(credentials.kind)) throw rejected(`this route takes no ${credentials.kind}`);

    context.identity = await this.identify(credentials, execution, context);
    return true;
  }

  private async identify(
    credentials: Credentials,
    execution: ExecutionContext,
    context: GatewayContext,
  ): Promise<Identity> {
    if (credentials.kind === 'api-key') {
      const { limits, ...owner } = await this.apiKeys.identify(credentials.key, context);
      context.callerLimits = limits;
      return { ...anonymous, ...owner, authMethod: 'api-key' };
    }
    const token = await this.tokens.verify(credentials.token, execution);
    const isOwn = await this.sessions.check(token, context);
    // To the services empty scopes of a session would mean that nothing is narrowed.
    if (isOwn && token.isCutDown && token.scopes.length === 0) throw rejected('the token is cut down to no scopes');
    context.isWholeSession = isOwn && !token.isCutDown;
    context.identityEndsAt = token.endsAt;
    context.isMultiFactor = token.isMultiFactor;
    context.mustChangePassword = token.mustChangePassword;
    const { subject, userName, tenantId, sessionId, roles, scopes } = token;
    return { ...anonymous, userId: subject, userName, tenantId, sessionId, roles, scopes, authMethod: 'jwt' };
  }
}
