import { limitId } from './limit-id.js';
import type { Limit } from './rate-limiter.js';

/** What was spent here while the shared limiter could not be asked, and has to be told to it. */
export class UnsharedSpending {
  private readonly spent = new Map<string, { readonly limit: Limit; amount: number }>();

  constructor(private readonly maxKeys = 100_000) {}

  get isEmpty(): boolean {
    return this.spent.size === 0;
  }

  /** `sign` -1: the shared limiter has counted the call after all. */
  add(limits: readonly Limit[], sign: 1 | -1): void {
    for (const limit of limits) {
      const amount = sign * (limit.cost ?? 1);
      if (amount === 0 || limit.policy.algorithm === 'concurrency') continue;
      const id = limitId(limit);
      const kept = this.spent.get(id);
      if (kept !== undefined) kept.amount += amount;
      else if (this.spent.size < this.maxKeys) this.spent.set(id, { limit, amount });
    }
  }

  /** Empties it. Of what was spent, time has given some back: `owed` tells the rest. */
  takeAll(owed: (limit: Limit) => number): Limit[] {
    const all: Limit[] = [];
    for (const { limit, amount } of this.spent.values()) {
      const cost = Math.min(amount, owed(limit));
      if (cost !== 0) all.push({ ...limit, cost });
    }
    this.spent.clear();
    return all;
  }
}
