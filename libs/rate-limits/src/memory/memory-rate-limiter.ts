import { Injectable } from '@nestjs/common';

import type { Concurrency } from '../algorithms/concurrency.js';
import type { LimitAlgorithm } from '../algorithms/limit-algorithm.js';
import { limitAlgorithms } from '../algorithms/limit-algorithms.js';
import { type LimitOutcome, toDecision } from '../limits/limit-decision.js';
import { limitId } from '../limits/limit-id.js';
import { LimitStates } from './limit-states.js';
import { once } from './once.js';
import { type Limit, type LimitDecision, type LimitPolicy, RateLimiter } from '../limits/rate-limiter.js';

export interface MemoryRateLimiterOptions {
  /** In ms; never goes back. */
  readonly clock?: () => number;
  /** Budgets beyond this many are forgotten, the longest unused first. */
  readonly maxKeys?: number;
}

/** What one limit of one call is about. */
interface Account {
  readonly id: string;
  readonly policy: LimitPolicy;
  readonly cost: number;
  readonly algorithm: LimitAlgorithm<object>;
  readonly state: object;
  readonly waitMs: number;
}

/** How soon to try again what could not be counted. */
const retryUncountedMs = 1_000;

/** The limits of one process: the whole limiter of the embedded mode, and what is left when Redis is away. */
@Injectable()
export class MemoryRateLimiter extends RateLimiter {
  protected readonly states: LimitStates;
  private readonly clock: () => number;

  constructor(options: MemoryRateLimiterOptions = {}) {
    super();
    this.clock = options.clock ?? (() => performance.timeOrigin + performance.now());
    this.states = new LimitStates(options.maxKeys ?? 100_000);
  }

  protected now(): number {
    return Math.floor(this.clock());
  }

  /** The policy as it holds in this process. */
  protected policyHere(policy: LimitPolicy, _cost: number): LimitPolicy {
    return policy;
  }

  /** The state of a budget that nothing is known about here. */
  protected openState(algorithm: LimitAlgorithm<object>, policy: LimitPolicy, _id: string, now: number): object {
    return algorithm.open(policy, now);
  }

  /** Runs through without awaiting, so two calls cannot spend the same unit. */
  async take(limits: readonly Limit[]): Promise<LimitDecision> {
    const now = this.now();
    const accounts: Account[] = [];
    let allowed = true;
    for (const limit of limits) {
      const account = this.accountOf(limit, now);
      if (account === undefined) return uncounted(limits, limit);
      if (account.waitMs > 0 && limit.policy.isShadow !== true) allowed = false;
      accounts.push(account);
    }
    const decision = toDecision(
      limits,
      accounts.map((account) => this.settle(account, allowed, now)),
    );
    const leases = allowed ? accounts.filter(isLease).map(({ id }) => id) : [];
    return leases.length === 0 ? decision : { ...decision, release: once(() => this.giveBack(leases)) };
  }

  private accountOf({ key, policy: asConfigured, cost = 1 }: Limit, now: number): Account | undefined {
    const policy = this.policyHere(asConfigured, cost);
    const id = limitId({ key, policy: asConfigured });
    const algorithm = limitAlgorithms[policy.algorithm];
    let state = this.states.get(id);
    if (state === undefined) {
      if (policy.onFailure === 'closed' && this.states.isFull) return undefined;
      state = this.openState(algorithm, policy, id, now);
    }
    algorithm.settle(policy, state, now);
    return { id, policy, cost, algorithm, state, waitMs: algorithm.waitMs(policy, state, now, cost) };
  }

  private settle({ id, policy, cost, algorithm, state, waitMs }: Account, allowed: boolean, now: number): LimitOutcome {
    const delayMs = waitMs === 0 ? (algorithm.delayMs?.(policy, state, now, cost) ?? 0) : 0;
    if (allowed && waitMs === 0 && cost > 0) {
      algorithm.spend(policy, state, now, cost);
      this.states.set(id, policy, state);
    }
    return {
      remaining: algorithm.remaining(policy, state, now),
      resetMs: algorithm.resetMs(policy, state, now),
      retryAfterMs: waitMs,
      delayMs,
    };
  }

  protected giveBack(leases: readonly string[]): void {
    for (const id of leases) {
      const calls = this.states.get(id) as Concurrency | undefined;
      if (calls !== undefined && --calls.running <= 0) this.states.delete(id);
    }
  }
}

const isLease = ({ policy, cost, waitMs }: Account): boolean =>
  policy.algorithm === 'concurrency' && cost > 0 && waitMs === 0;

const uncounted = (limits: readonly Limit[], { policy: { name } }: Limit): LimitDecision => ({
  allowed: false,
  isUncounted: true,
  states: limits.map(({ policy: { name, quota, windowMs } }) => ({ name, quota, windowMs, remaining: 0, resetMs: 0 })),
  retryAfterMs: retryUncountedMs,
  delayMs: 0,
  refusedBy: name,
  shadowedBy: [],
});
