import { createHash, randomBytes } from 'node:crypto';

import type { Redis } from 'ioredis';

import { failedWith, redisAttributes } from '@libs/redis';
import type { Span } from '@libs/tracing';
import { activeSpan, runOutsideContext } from '@libs/trusted-headers';

import { Budget } from '../limits/budget.js';
import { HeldLeases, type Lease } from './held-leases.js';
import { keyOf, LimitBatch, type LimitCall } from './limit-batch.js';
import { toDecision } from '../limits/limit-decision.js';
import { limitScript, renewScript } from './limit-script.js';
import { type Limit, type LimitDecision, RateLimiter } from '../limits/rate-limiter.js';
import { type LateAnswer, type SharedRateLimiter, type SpentLimit, TooLate } from '../limits/shared-rate-limiter.js';

export interface RedisRateLimiterOptions {
  /** In ms. Without it the clock of Redis counts: it is the only one that all gateways share. */
  readonly clock?: () => number;
  /** How long a call waits for Redis; for ever unless given. */
  readonly budgetMs?: number;
}

/** One script call must not hold Redis up for everybody else. */
const maxKeysPerScript = 256;

/**
 * The limits of all gateways together. Calls of one turn of the event loop travel as one script call.
 * Rejects when Redis fails or does not answer: FallbackRateLimiter decides then.
 */
export class RedisRateLimiter extends RateLimiter implements SharedRateLimiter {
  private waiting: LimitCall[] = [];
  private ended: Lease[] = [];
  private isFlushing = false;
  private readonly leases: HeldLeases;
  private readonly clock: (() => number) | undefined;
  private readonly budgetMs: number | undefined;

  constructor(
    private readonly redis: Redis,
    { clock, budgetMs }: RedisRateLimiterOptions = {},
  ) {
    super();
    this.clock = clock;
    this.budgetMs = budgetMs;
    this.leases = new HeldLeases(randomBytes(6).toString('base64url'), (leases) => this.renew(leases));
  }

  take(limits: readonly Limit[]): Promise<LimitDecision> {
    if (limits.length === 0) return Promise.resolve(toDecision([], []));
    return this.join(limits, 'take');
  }

  async probe(): Promise<void> {
    const { budgetMs } = this;
    if (budgetMs === undefined) return void (await this.redis.ping());
    await new Promise<unknown>((resolve, reject) => {
      const budget = new Budget(budgetMs, () => reject(new Error(`no answer within ${budgetMs} ms`)));
      this.redis
        .ping()
        .then(resolve, reject)
        .finally(() => budget.stop());
    });
  }

  async settle(limits: readonly SpentLimit[]): Promise<void> {
    for (let from = 0; from < limits.length; from += maxKeysPerScript) {
      await this.join(limits.slice(from, from + maxKeysPerScript), 'settle');
    }
  }

  /** Leases for a call that was let through without asking; Redis hears of them with the next renewal. */
  hold(limits: readonly Limit[]): () => void {
    const id = this.leases.idFor(limits, 'take');
    const ends = limits
      .filter(({ policy, cost }) => policy.algorithm === 'concurrency' && cost !== 0)
      .map((limit) => this.keep({ key: keyOf(limit), id, windowMs: limit.policy.windowMs }));
    return () => ends.forEach((end) => end());
  }

  /** Asks Redis to go on with the leases that are held: after an outage it may have forgotten them. */
  renewLeases(): Promise<void> {
    return this.leases.renew();
  }

  close(): void {
    this.leases.close();
  }

  private join(limits: readonly SpentLimit[], mode: LimitCall['mode']): Promise<LimitDecision> {
    const decision = new Promise<LimitDecision>((resolve, reject) => {
      this.waiting.push({ limits, mode, lease: this.leases.idFor(limits, mode), resolve, reject });
      this.flushSoon();
    });
    const span = activeSpan();
    if (span === undefined) return decision;
    const about = { ...redisAttributes(this.redis, 'EVALSHA'), 'gatehouse.limits': limits.length };
    return watched(decision, span.begin('EVALSHA limits', 'client', about));
  }

  private flushSoon(): void {
    if (this.isFlushing) return;
    this.isFlushing = true;
    runOutsideContext(() => setImmediate(() => this.flush()));
  }

  private flush(): void {
    const { waiting, ended } = this;
    this.waiting = [];
    this.ended = [];
    this.isFlushing = false;
    let batch = new LimitBatch(ended);
    for (const call of waiting) {
      if (batch.keys.length + call.limits.length > maxKeysPerScript && batch.calls.length > 0) {
        void this.send(batch);
        batch = new LimitBatch([]);
      }
      batch.add(call);
    }
    void this.send(batch);
  }

  private async send(batch: LimitBatch): Promise<void> {
    const { budgetMs } = this;
    const budget = budgetMs === undefined ? undefined : new Budget(budgetMs, () => giveUp(batch, budgetMs));
    try {
      const numbers = (await this.run(limitScript, batch.keys, batch.args(this.now()))) as number[];
      batch.answer(numbers, (lease) => this.keep(lease));
    } catch (error) {
      for (const { reject } of batch.calls) reject(error);
    } finally {
      budget?.stop();
    }
  }

  /** Returns the function that ends the lease. */
  private keep(lease: Lease): () => void {
    this.leases.add(lease);
    return () => {
      if (!this.leases.remove(lease)) return;
      this.ended.push(lease);
      this.flushSoon();
    };
  }

  private async renew(leases: readonly Lease[]): Promise<void> {
    for (let from = 0; from < leases.length; from += maxKeysPerScript) {
      const some = leases.slice(from, from + maxKeysPerScript);
      await this.run(
        renewScript,
        some.map(({ key }) => key),
        [this.now(), ...some.flatMap(({ id, windowMs }) => [id, windowMs])],
      );
    }
  }

  private now(): string | number {
    return this.clock === undefined ? '' : Math.floor(this.clock());
  }

  private async run(script: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await this.redis.evalsha(shaOf(script), keys.length, ...keys, ...args);
    } catch (error) {
      // Redis forgets scripts when it restarts.
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return this.redis.eval(script, keys.length, ...keys, ...args);
    }
  }
}

/** The request's part of a script call that it may share with others. */
async function watched(decision: Promise<LimitDecision>, span: Span): Promise<LimitDecision> {
  try {
    return await decision;
  } catch (error) {
    if (error instanceof TooLate) span.fail('timeout');
    else failedWith(span, error);
    throw error;
  } finally {
    span.end();
  }
}

const shas = new Map(
  [limitScript, renewScript].map((script) => [script, createHash('sha1').update(script).digest('hex')]),
);
const shaOf = (script: string): string => shas.get(script) ?? '';

function giveUp(batch: LimitBatch, budgetMs: number): void {
  for (const call of batch.calls) {
    // Nobody's request waits for what is only told.
    if (call.mode === 'settle') continue;
    const { promise, resolve, reject } = Promise.withResolvers<LateAnswer>();
    // Nobody may be interested any more.
    promise.catch(() => undefined);
    call.reject(new TooLate(budgetMs, promise));
    call.resolve = (decision) => resolve({ decision, countedAt: batch.countedAt });
    call.reject = reject;
  }
}
