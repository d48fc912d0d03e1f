import { performance } from 'node:perf_hooks';

import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

import { Names } from '@libs/names';

import { attention } from '../instances/attention.js';
import type { Instance } from '../instances/instance.js';
import type { InstancePool } from '../instances/pool/instance-pool.js';
import type { Service } from '../instances/pool/service.js';
import { RetryBudget } from './retry-budget.js';
import { Upstream } from './upstream.js';

/** How exactly timeouts are kept. One timer for all costs less than one for each request. */
const sweepEveryMs = 50;

const utilizationWindowMs = 200;
/** Share of the time in which the event loop has something to do. */
const saturation = 0.95;

/** The ways to all instances that were asked something and are still there. */
@Injectable()
export class Connections implements OnApplicationShutdown {
  private readonly upstreams = new Map<Instance, Upstream>();
  private readonly budgets = new WeakMap<InstancePool, RetryBudget>();
  private timer: NodeJS.Timeout | undefined = undefined;
  private missedAt = -Infinity;
  private hasSkipped = false;
  private utilization = performance.eventLoopUtilization();
  private windowEnds = 0;
  private wasSaturated = false;

  constructor(private readonly names: Names) {}

  to(instance: Instance, { config, pool }: Service): Upstream {
    const known = this.upstreams.get(instance);
    if (known === undefined) return this.add(instance, pool);
    // A request of an earlier snapshot does not bring its configuration back.
    if (config === pool.config) known.adopt(config);
    return known;
  }

  /** Whether none of its instances takes one more request. */
  areFull({ pool }: Service): boolean {
    return pool.members.length > 0 && pool.members.every((member) => this.upstreams.get(member)?.isFull === true);
  }

  list(): Upstream[] {
    return [...this.upstreams.values()];
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    for (const upstream of this.upstreams.values()) upstream.destroy();
    this.upstreams.clear();
  }

  private add(instance: Instance, pool: InstancePool): Upstream {
    const budget = this.budgets.get(pool) ?? new RetryBudget();
    this.budgets.set(pool, budget);
    const upstream = new Upstream(instance, budget, pool.config, this.names.lookup);
    this.upstreams.set(instance, upstream);
    attention.begin();
    this.timer ??= setInterval(() => this.sweep(performance.now()), sweepEveryMs).unref();
    return upstream;
  }

  /** Over a while: a single pause is no saturation. */
  private isSaturated(now: number): boolean {
    if (now >= this.windowEnds) {
      const window = performance.eventLoopUtilization(this.utilization);
      this.wasSaturated = window.utilization >= saturation;
      this.utilization = performance.eventLoopUtilization();
      this.windowEnds = now + utilizationWindowMs;
    }
    return this.wasSaturated;
  }

  private sweep(now: number): void {
    // What came in while nobody listened is read first. Once: whoever is always late keeps timeouts all the same.
    const { missedAt } = this;
    this.missedAt = attention.missedBy(now);
    if (this.missedAt > missedAt && !this.hasSkipped) {
      this.hasSkipped = true;
      return;
    }
    this.hasSkipped = false;
    const isSaturated = this.isSaturated(now);
    for (const [instance, upstream] of this.upstreams) {
      if (instance.isGone) upstream.retire();
      const isInUse = upstream.sweep(now, isSaturated);
      if (!isInUse && instance.isGone) this.upstreams.delete(instance);
    }
  }
}
