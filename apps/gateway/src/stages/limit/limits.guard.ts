import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';

import type { ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Refusal } from '@libs/errors';
import type { Limit, LimitDecision } from '@libs/rate-limits';
import { runInContext } from '@libs/trusted-headers';

import { contextOf, type GatewayContext, requestContextOf } from '../../request/gateway-context.js';
import { addRateLimitFields, retryAfter } from '../../limits/rate-limit-fields.js';
import type { RateLimiterStorage } from './rate-limiter-storage.js';
import type { RouteLimit } from '../../limits/route-limit.js';

const none: readonly RouteLimit[] = [];

/** A throttler whose limits come from the configuration, and which spends from all of a call's limits or from none. */
export abstract class LimitsGuard extends ThrottlerGuard {
  declare protected readonly storageService: RateLimiterStorage;

  /** What this stage does with a request. May refuse. */
  protected abstract limit(context: GatewayContext, response: ServerResponse): Promise<void> | void;

  /** The throttler's own look for decorators on the handler, which for us is the same with every request. */
  override async canActivate(execution: ExecutionContext): Promise<true> {
    const http = execution.switchToHttp();
    await this.limit(contextOf(http.getRequest<FastifyRequest>()), http.getResponse<FastifyReply>().raw);
    return true;
  }

  /** `owed` by the address, and perhaps the limits of the route: one call for all of them. */
  async spend(
    context: GatewayContext,
    response: ServerResponse,
    owed: readonly RouteLimit[],
    limits: readonly RouteLimit[] = none,
  ): Promise<void> {
    const spentFrom: RouteLimit[] = [];
    const asked: Limit[] = [];
    for (let index = 0; index < owed.length + limits.length; index++) {
      const written = (index < owed.length ? owed[index] : limits[index - owed.length]) as RouteLimit;
      const { planned } = context;
      const limit = planned === undefined ? written : (written.planned?.(planned) ?? written);
      const key = limit.keyOf(context);
      if (key === undefined) continue;
      spentFrom.push(limit);
      asked.push({ key, policy: limit.policy, cost: limit.cost });
    }
    if (asked.length === 0) return;

    const { span } = context.facts.trace;
    const decision = await (span === undefined
      ? this.storageService.take(asked)
      : runInContext(requestContextOf(context), () => this.storageService.take(asked)));
    addRateLimitFields(context.answerHeaders, spentFrom, decision.states);
    if (decision.isLate === true) this.storageService.events.count(asked[0]?.policy.name ?? '', 'late');
    for (const shadow of decision.shadowedBy) this.storageService.events.count(shadow, 'shadow');
    if (!decision.allowed) throw this.refusal(decision, context);
    if (decision.release !== undefined) whenEnded(context, response, decision.release);
    if (decision.delayMs > 0) await this.awaitTurn(decision.delayMs, spentFrom);
  }

  private refusal({ refusedBy = '', retryAfterMs, isUncounted }: LimitDecision, context: GatewayContext): Refusal {
    const headers = { 'retry-after': retryAfter(retryAfterMs) };
    if (isUncounted !== true) {
      this.storageService.events.count(refusedBy, 'refused');
      return new Refusal('RATE_LIMITED', { headers, internal: `refused by ${refusedBy}` });
    }
    this.storageService.events.count(refusedBy, 'uncounted');
    context.flag ||= 'limits_unavailable';
    return new Refusal('SERVICE_UNAVAILABLE', { headers, internal: `nobody can count ${refusedBy}` });
  }

  private async awaitTurn(delayMs: number, limits: readonly RouteLimit[]): Promise<void> {
    const delaying = limits.find(({ policy }) => policy.maxDelayMs !== undefined);
    this.storageService.events.count(delaying?.name ?? '', 'delayed');
    await setTimeout(delayMs);
  }
}

/** However the request ends: answered, refused by a later stage, or left by its client. A WebSocket ends later. */
function whenEnded({ upgrade }: GatewayContext, response: ServerResponse, work: () => void): void {
  const socket = response.req.socket;
  const onClose = (): void => {
    if (upgrade === undefined || response.statusCode !== 101 || socket.destroyed) work();
    else socket.once('close', work);
  };
  if (response.closed) onClose();
  else response.once('close', onClose);
}
