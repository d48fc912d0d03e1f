import { limitId } from '../limits/limit-id.js';
import type { Limit } from '../limits/rate-limiter.js';
import type { SpentLimit } from '../limits/shared-rate-limiter.js';

const isTold = ({ policy, cost }: Limit): boolean => cost !== 0 && policy.algorithm !== 'concurrency';

/** What has to be told to the shared limiter: what was spent here without it, and what it counted for nothing. */
export class UnsharedSpending {
  private readonly spent = new Map<string, { readonly limit: Limit; amount: number }>();
  private unspent: SpentLimit[] = [];

  constructor(private readonly maxKeys = 100_000) {}

  add(limits: readonly Limit[]): void {
    for (const limit of limits.filter(isTold)) {
      const amount = limit.cost ?? 1;
      const id = limitId(limit);
      const kept = this.spent.get(id);
      if (kept !== undefined) kept.amount += amount;
      else if (this.spent.size < this.maxKeys) this.spent.set(id, { limit, amount });
    }
  }

  /** The shared limiter counted at `countedAt` a call that was refused here. */
  takeBack(limits: readonly Limit[], countedAt: number): void {
    for (const limit of limits.filter(isTold)) {
      if (this.unspent.length < this.maxKeys) this.unspent.push({ ...limit, cost: -(limit.cost ?? 1), countedAt });
    }
  }

  /** Empties it. Of what was spent, time has given some back: `owed` tells the rest. */
  takeAll(owed: (limit: Limit) => number): SpentLimit[] {
    const all = this.unspent;
    for (const { limit, amount } of this.spent.values()) {
      const cost = Math.min(amount, owed(limit));
      if (cost > 0) all.push({ ...limit, cost });
    }
    this.unspent = [];
    this.spent.clear();
    return all;
  }
}
