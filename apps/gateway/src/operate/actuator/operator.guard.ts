import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { Refusal } from '@libs/errors';

import { contextOf } from '../../request/gateway-context.js';

/** To whoever is not an operator of the platform there is nothing here, as everywhere where no route leads. */
@Injectable()
export class OperatorGuard implements CanActivate {
  canActivate(execution: ExecutionContext): true {
    const { identity } = contextOf(execution.switchToHttp().getRequest<FastifyRequest>());
    if (identity.active && identity.roles.includes('platform-admin')) return true;
    throw new Refusal('ROUTE_NOT_FOUND', { internal: 'the actuator is for platform-admin' });
  }
}
