import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { Refusal } from '@libs/errors';

import { contextOf } from '../../request/gateway-context.js';
import { Accounts } from './accounts.js';
import { checkEntry } from './check-entry.js';
import { wantedTenant } from './wanted-tenant.js';

/**
 * Decides whether the caller may enter: an active user of an active tenant, with the roles and scopes that the
 * route asks for. Somebody who is known is checked on public routes too, because what is passed on about them
 * must be true.
 */
@Injectable()
export class AuthorizeGuard implements CanActivate {
  constructor(private readonly accounts: Accounts) {}

  async canActivate(execution: ExecutionContext): Promise<true> {
    const context = contextOf(execution.switchToHttp().getRequest<FastifyRequest>());
    const { identity, headers, route } = context;
    if (identity.authMethod === 'none') return true;

    const tenantId = wantedTenant(identity, headers['x-tenant-id']);
    context.identity = await this.accounts.resolve(identity, tenantId, context);
    // One's own account is where a password is changed; what of it is open then is for auth-service to say.
    const isClosed = route.access.authenticated || route.access.roles.length > 0;
    if (context.mustChangePassword && isClosed && !route.access.withoutSecondFactor) {
      throw new Refusal('ACCESS_PASSWORD_CHANGE_REQUIRED');
    }
    checkEntry(route.access, context.identity, context.isWholeSession ? undefined : identity.scopes);
    return true;
  }
}
