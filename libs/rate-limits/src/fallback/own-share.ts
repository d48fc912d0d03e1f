import { LRUCache } from 'lru-cache';

import type { Concurrency } from '../algorithms/concurrency.js';
import type { LimitAlgorithm } from '../algorithms/limit-algorithm.js';
import { limitAlgorithms } from '../algorithms/limit-algorithms.js';
import { limitId } from '../limits/limit-id.js';
import { MemoryRateLimiter, type MemoryRateLimiterOptions } from '../memory/memory-rate-limiter.js';
import { once } from '../memory/once.js';
import type { Limit, LimitDecision, LimitPolicy } from '../limits/rate-limiter.js';
import { shareOf } from './share-of.js';

/** What the shared limiter said about a budget. */
interface Seen {
  readonly remaining: number;
  readonly resetMs: number;
  readonly at: number;
}

export interface OwnShareOptions extends MemoryRateLimiterOptions {
  /** How many gateways there are. */
  readonly gateways: () => number;
}

/**
 * What one gateway may let through by itself while the shared limiter cannot be asked: its share of every limit. It
 * goes on where the shared limiter stopped, so that an outage in the middle of a window does not double it.
 */
export class OwnShare extends MemoryRateLimiter {
  private readonly gateways: () => number;
  private readonly seen: LRUCache<string, Seen>;

  constructor({ gateways, ...options }: OwnShareOptions) {
    super(options);
    this.gateways = gateways;
    this.seen = new LRUCache({ max: options.maxKeys ?? 100_000 });
  }

  /** Remembers what the shared limiter said. */
  see(limits: readonly Limit[], { states }: LimitDecision): void {
    const at = this.now();
    for (let index = 0; index < limits.length; index++) {
      const limit = limits[index] as Limit;
      const state = states[index];
      if (state === undefined || limit.policy.algorithm === 'concurrency') continue;
      this.seen.set(limitId(limit), { remaining: state.remaining, resetMs: state.resetMs, at });
    }
  }

  /** Whether this process is the only one that spends: what is left here is all that is left. */
  get isWhole(): boolean {
    return this.gateways() <= 1;
  }

  /** What the shared limiter would tell about a call that `refusedBy` refuses, as far as it is known here. */
  describe(limits: readonly Limit[], refusedBy: Limit, waitMs: number): LimitDecision {
    const now = this.now();
    const states = limits.map((limit) => {
      const { name, quota, windowMs, algorithm } = limit.policy;
      const seen = this.seen.get(limitId(limit));
      return {
        name,
        quota,
        windowMs: algorithm === 'concurrency' ? undefined : windowMs,
        remaining: seen?.remaining ?? quota,
        resetMs: seen === undefined ? 0 : Math.max(limit === refusedBy ? 1 : 0, seen.resetMs - (now - seen.at)),
      };
    });
    const { name } = refusedBy.policy;
    return { allowed: false, states, retryAfterMs: waitMs, delayMs: 0, refusedBy: name, shadowedBy: [] };
  }

  /** Counts a call that the shared limiter let in, for the time that it runs. */
  occupy(limits: readonly Limit[]): () => void {
    const leases = limits.filter(({ policy, cost }) => policy.algorithm === 'concurrency' && cost !== 0);
    for (const limit of leases) {
      const id = limitId(limit);
      const calls = (this.states.get(id) ?? { running: 0 }) as Concurrency;
      calls.running++;
      this.states.set(id, limit.policy, calls);
    }
    return once(() => this.giveBack(leases.map(limitId)));
  }

  /** What was spent of a budget here and is not given back by time. */
  owed(limit: Limit): number {
    const state = this.states.get(limitId(limit));
    if (state === undefined) return 0;
    const policy = this.policyHere(limit.policy, 1);
    const algorithm = limitAlgorithms[policy.algorithm];
    const now = this.now();
    algorithm.settle(policy, state, now);
    return algorithm.owed(policy, state, now);
  }

  /** The next outage begins with what is seen until then. */
  forget(): void {
    this.states.forgetBudgets();
  }

  protected override policyHere(policy: LimitPolicy, cost: number): LimitPolicy {
    return shareOf(policy, this.gateways(), cost);
  }

  protected override openState(
    algorithm: LimitAlgorithm<object>,
    policy: LimitPolicy,
    id: string,
    now: number,
  ): object {
    const seen = this.seen.get(id);
    if (seen === undefined) return algorithm.open(policy, now);
    const state = algorithm.resume(policy, Math.floor(seen.remaining / this.gateways()), seen.resetMs, seen.at);
    algorithm.settle(policy, state, now);
    return state;
  }
}
