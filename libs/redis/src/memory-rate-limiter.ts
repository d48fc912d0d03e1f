import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

import { fixedWindow } from './fixed-window.js';
import { leakyBucket } from './leaky-bucket.js';
import type { LimitAlgorithm } from './limit-algorithm.js';
import { toDecision } from './limit-decision.js';
import { type Limit, type LimitAlgorithmName, type LimitDecision, RateLimiter } from './rate-limiter.js';
import { slidingWindow } from './sliding-window.js';
import { tokenBucket } from './token-bucket.js';

export interface MemoryRateLimiterOptions {
  /** In ms; never goes back. */
  readonly clock?: () => number;
  /** Keys beyond this many are forgotten, the longest unused first. */
  readonly maxKeys?: number;
}

/** A state is only ever read by the algorithm that wrote it: the algorithm's name is part of the key. */
const algorithms = {
  'token-bucket': tokenBucket,
  'leaky-bucket': leakyBucket,
  'fixed-window': fixedWindow,
  'sliding-window': slidingWindow,
} as Record<LimitAlgorithmName, LimitAlgorithm<object>>;

/** The limits of one process: the whole limiter of the embedded mode, and what is left when Redis is away. */
@Injectable()
export class MemoryRateLimiter extends RateLimiter {
  private readonly clock: () => number;
  private readonly states: LRUCache<string, object>;

  constructor(options: MemoryRateLimiterOptions = {}) {
    super();
    this.clock = options.clock ?? (() => performance.timeOrigin + performance.now());
    this.states = new LRUCache({ max: options.maxKeys ?? 100_000 });
  }

  /** Runs through without awaiting, so two calls cannot spend the same unit. */
  async take(limits: readonly Limit[]): Promise<LimitDecision> {
    const now = Math.floor(this.clock());
    const accounts = limits.map(({ key, policy, cost = 1 }) => {
      const name = `${policy.algorithm}:${policy.name}:${key}`;
      const algorithm = algorithms[policy.algorithm];
      const state = algorithm.settle(policy, this.states.get(name), now);
      return { name, policy, cost, algorithm, state, wait: algorithm.waitMs(policy, state, now, cost) };
    });
    const allowed = accounts.every(({ wait }) => wait === 0);

    const outcomes = accounts.map(({ name, policy, cost, algorithm, state, wait }) => {
      const after = allowed ? algorithm.spend(policy, state, now, cost) : state;
      if (allowed && cost > 0) this.states.set(name, after);
      return {
        remaining: algorithm.remaining(policy, after, now),
        resetMs: algorithm.resetMs(policy, after, now),
        retryAfterMs: wait,
      };
    });
    return toDecision(limits, outcomes);
  }
}
