import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import type { Instance } from '../instance.js';
import type { Outcome } from '../outcome.js';
import type { PickContext } from '../pick-context.js';
import type { Service } from './service.js';

const none: readonly Instance[] = [];

/**
 * Chooses the instance for a request, and learns from what becomes of it. Every pick is followed by one `report`, as
 * soon as it is known how the instance did, and by one `release`, when nothing goes to or fro any more.
 */
@Injectable()
export class Balancer {
  /** `tried` are the instances that have already failed this request. */
  pick(service: Service, context: PickContext, tried = none, now = performance.now()): Instance {
    const instance = service.pool.pick(context, tried, now);
    if (instance !== undefined) return instance;
    const retryAfterSeconds = Math.max(1, Math.ceil(service.pool.returnsInMs(now) / 1_000));
    throw new Refusal('UPSTREAM_UNAVAILABLE', {
      headers: { 'retry-after': String(retryAfterSeconds) },
      internal: `no instance of ${service.name} is left to ask`,
    });
  }

  /** `elapsedMs`: since the pick. */
  report(instance: Instance, outcome: Outcome, elapsedMs: number, now = performance.now()): void {
    const { state } = instance;
    state.outcomes[outcome]++;
    if (outcome === 'answered' || outcome === 'error') state.answerMs += elapsedMs;
    instance.pool.report(instance, outcome, elapsedMs, now);
  }

  release(instance: Instance): void {
    instance.pool.release(instance);
  }

  /** The instance was picked and is not asked after all. Stands for the report and the release. */
  giveBack(instance: Instance): void {
    instance.pool.report(instance, 'cancelled', 0, performance.now());
    this.release(instance);
  }

  isAvailable(service: Service, now = performance.now()): boolean {
    return service.pool.isAvailable(now);
  }
}
