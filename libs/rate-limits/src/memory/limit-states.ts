import { LRUCache } from 'lru-cache';

import type { LimitPolicy } from '../limits/rate-limiter.js';

/** What a process has counted, by the name of the budget. */
export class LimitStates {
  private readonly budgets: LRUCache<string, object>;
  /** Never forgotten: there are no more of these than there are calls running. */
  private readonly running = new Map<string, object>();

  constructor(private readonly maxKeys: number) {
    this.budgets = new LRUCache({ max: maxKeys });
  }

  /** Another budget would be at the price of one that is kept. */
  get isFull(): boolean {
    return this.budgets.size >= this.maxKeys;
  }

  get(id: string): object | undefined {
    return this.budgets.get(id) ?? this.running.get(id);
  }

  set(id: string, { algorithm }: LimitPolicy, state: object): void {
    if (algorithm === 'concurrency') this.running.set(id, state);
    else this.budgets.set(id, state);
  }

  delete(id: string): void {
    this.budgets.delete(id);
    this.running.delete(id);
  }

  forgetBudgets(): void {
    this.budgets.clear();
  }
}
