import type { ServerResponse } from 'node:http';

import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import { isOver } from '../../http/is-over.js';
import type { RequestBody } from '../../request/request-body.js';
import type { GatewayContext } from '../../request/gateway-context.js';
import { LimitsGuard } from './limits.guard.js';
import type { RouteLimit } from '../../limits/route-limit.js';

const none: readonly RouteLimit[] = [];

/** Once the caller is known: the limits of the route and their own, and with them those of the address if still owed. */
@Injectable()
export class RateLimitGuard extends LimitsGuard {
  protected override limit(context: GatewayContext, response: ServerResponse): Promise<void> | void {
    const { callerLimits } = context;
    const ofRoute = context.route.rateLimits;
    const rateLimits =
      callerLimits.length === 0
        ? ofRoute
        : [...ofRoute, ...callerLimits.map((limit) => priced(limit, context.route.cost))];
    const owed = context.deferredAddressLimit === undefined ? none : context.snapshot.addressRules.limits;
    context.deferredAddressLimit = undefined;
    if (owed.length + rateLimits.length === 0) return;
    if (context.body?.has('small') === false && rateLimits.some(countsAtOnce)) {
      return this.spendOnceThere(context.body, context, response, owed, rateLimits);
    }
    return this.spend(context, response, owed, rateLimits);
  }

  /** What somebody only announces must not take the place of what others have sent. */
  private async spendOnceThere(
    body: RequestBody,
    context: GatewayContext,
    response: ServerResponse,
    owed: readonly RouteLimit[],
    limits: readonly RouteLimit[],
  ): Promise<void> {
    if (owed.length > 0) await this.spend(context, response, owed);
    await body.until('small');
    if (isOver(response)) throw new Refusal('REQUEST_CANCELLED');
    await this.spend(context, response, none, limits);
  }
}

const countsAtOnce = ({ policy }: RouteLimit): boolean => policy.algorithm === 'concurrency';

/** A limit of the caller at the price of the route: what costs more than all of it takes all of it. */
const priced = (limit: RouteLimit, cost: number): RouteLimit =>
  cost === 1 ? limit : { ...limit, cost: Math.min(cost, limit.policy.quota) };
