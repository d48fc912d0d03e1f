import { LRUCache } from 'lru-cache';

import { limitId } from '../limits/limit-id.js';
import type { Limit, LimitDecision, LimitPolicy } from '../limits/rate-limiter.js';

interface Refusal {
  readonly policy: LimitPolicy;
  readonly cost: number;
  readonly until: number;
}

/**
 * Budgets that are spent, until when: others can only spend more of them, so nobody has to be asked again before.
 * A flood is refused from memory, and Redis does not see it.
 */
export class KnownRefusals {
  private readonly refusals: LRUCache<string, Refusal>;

  constructor(
    private readonly clock: () => number = () => performance.now(),
    maxKeys = 20_000,
  ) {
    this.refusals = new LRUCache({ max: maxKeys });
  }

  learn(limits: readonly Limit[], { allowed, refusedBy, retryAfterMs, isUncounted }: LimitDecision): void {
    if (allowed || isUncounted === true) return;
    const limit = limits.find(({ policy }) => policy.name === refusedBy);
    // When a place of `concurrency` is free again nobody knows.
    if (limit === undefined || limit.policy.algorithm === 'concurrency') return;
    const { policy, cost = 1 } = limit;
    this.refusals.set(limitId(limit), { policy, cost, until: this.clock() + retryAfterMs });
  }

  /** The limit that will certainly refuse, and how long it will. */
  find(limits: readonly Limit[]): { readonly limit: Limit; readonly waitMs: number } | undefined {
    if (this.refusals.size === 0) return undefined;
    const now = this.clock();
    for (const limit of limits) {
      const id = limitId(limit);
      const known = this.refusals.get(id);
      if (known === undefined) continue;
      if (known.until <= now) this.refusals.delete(id);
      // Another policy of the name is that of another configuration: perhaps there is more now.
      else if (known.policy === limit.policy && (limit.cost ?? 1) >= known.cost) {
        return { limit, waitMs: Math.ceil(known.until - now) };
      }
    }
    return undefined;
  }

  forget(limits: readonly Limit[]): void {
    for (const limit of limits) this.refusals.delete(limitId(limit));
  }

  forgetAll(): void {
    this.refusals.clear();
  }
}
