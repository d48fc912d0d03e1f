import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import type { Instance } from './instance.js';
import type { Service } from './service.js';

/** How long an instance that refused a connection is left alone. */
const unreachableForMs = 1_000;

/** Chooses the instance for a request, and leaves those alone that could not be reached a moment ago. */
@Injectable()
export class Balancer {
  /** `tried` are the instances that have already failed this request. */
  pick(service: Service, tried: readonly Instance[] = [], now = performance.now()): Instance {
    const isFit = (instance: Instance): boolean => isReachable(instance, now) && !tried.includes(instance);
    const { instances } = service;
    const candidates = instances.every(isFit) ? instances : instances.filter(isFit);
    if (candidates.length === 0) {
      throw new Refusal('UPSTREAM_UNAVAILABLE', {
        headers: { 'retry-after': '1' },
        internal: `no instance of ${service.name} is reachable`,
      });
    }
    return service.policy.pick(candidates);
  }

  markUnreachable(instance: Instance, now = performance.now()): void {
    instance.state.unreachableUntil = now + unreachableForMs;
  }

  isAvailable(service: Service, now = performance.now()): boolean {
    return service.instances.some((instance) => isReachable(instance, now));
  }
}

const isReachable = (instance: Instance, now: number): boolean => instance.state.unreachableUntil <= now;
