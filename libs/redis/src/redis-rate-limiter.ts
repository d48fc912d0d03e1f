import { createHash } from 'node:crypto';

import type { Redis } from 'ioredis';

import { bucketSize } from './limit-algorithm.js';
import { type LimitOutcome, toDecision } from './limit-decision.js';
import { limitScript } from './limit-script.js';
import { type Limit, type LimitDecision, RateLimiter } from './rate-limiter.js';

interface Call {
  readonly limits: readonly Limit[];
  readonly resolve: (decision: LimitDecision) => void;
  readonly reject: (error: unknown) => void;
}

/** One script call must not hold Redis up for everybody else. */
const maxCallsPerScript = 64;

const scriptSha = createHash('sha1').update(limitScript).digest('hex');

/**
 * The limits of all gateways together. Calls of one turn of the event loop travel as one script call.
 * Rejects when Redis does not answer: FallbackRateLimiter decides then.
 */
export class RedisRateLimiter extends RateLimiter {
  private waiting: Call[] = [];

  /** Without a clock the one of Redis counts: it is the only one that all gateways share. */
  constructor(
    private readonly redis: Redis,
    private readonly clock?: () => number,
  ) {
    super();
  }

  take(limits: readonly Limit[]): Promise<LimitDecision> {
    if (limits.length === 0) return Promise.resolve(toDecision([], []));
    return new Promise((resolve, reject) => {
      if (this.waiting.push({ limits, resolve, reject }) === 1) setImmediate(() => this.flush());
    });
  }

  private flush(): void {
    const calls = this.waiting;
    this.waiting = [];
    for (let from = 0; from < calls.length; from += maxCallsPerScript) {
      void this.send(calls.slice(from, from + maxCallsPerScript));
    }
  }

  private async send(calls: readonly Call[]): Promise<void> {
    try {
      const numbers = await this.run(calls);
      let next = 0;
      for (const { limits, resolve } of calls) {
        resolve(
          toDecision(
            limits,
            limits.map(() => readOutcome(numbers, 3 * next++)),
          ),
        );
      }
    } catch (error) {
      for (const { reject } of calls) reject(error);
    }
  }

  private async run(calls: readonly Call[]): Promise<number[]> {
    const keys: string[] = [];
    const args: (string | number)[] = [this.clock === undefined ? '' : Math.floor(this.clock())];
    for (const { limits } of calls) {
      args.push(limits.length);
      for (const { key, policy, cost = 1 } of limits) {
        keys.push(`gatehouse:limit:${policy.algorithm}:${policy.name}:${key}`);
        args.push(policy.algorithm, policy.quota, policy.windowMs, bucketSize(policy), cost);
      }
    }
    try {
      return (await this.redis.evalsha(scriptSha, keys.length, ...keys, ...args)) as number[];
    } catch (error) {
      // Redis forgets scripts when it restarts.
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return (await this.redis.eval(limitScript, keys.length, ...keys, ...args)) as number[];
    }
  }
}

const readOutcome = (numbers: readonly number[], from: number): LimitOutcome => ({
  remaining: numbers[from] ?? 0,
  resetMs: numbers[from + 1] ?? 0,
  retryAfterMs: numbers[from + 2] ?? 0,
});
