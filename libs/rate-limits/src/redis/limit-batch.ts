import type { Lease } from './held-leases.js';
import { bucketSize } from '../algorithms/limit-algorithm.js';
import { type LimitOutcome, toDecision } from '../limits/limit-decision.js';
import { letterOf, limitId } from '../limits/limit-id.js';
import type { Limit, LimitDecision, LimitPolicy } from '../limits/rate-limiter.js';
import type { SpentLimit } from '../limits/shared-rate-limiter.js';

export interface LimitCall {
  readonly limits: readonly SpentLimit[];
  /** `settle`: count it, whatever it makes of the budget. */
  readonly mode: 'take' | 'settle';
  /** The id of the lease that the call would take; empty if none of its limits is one of concurrency. */
  readonly lease: string;
  resolve: (decision: LimitDecision) => void;
  reject: (error: unknown) => void;
}

/**
 * One slot of a Redis Cluster for all of it, by this hash tag: only within one slot can a script spend from the
 * limits of user, tenant, address and route together or from none.
 */
export const slotTag = '{gatehouse:limits}';

const numbersPerLimit = 4;

/** The calls that travel to Redis together, in the words of limit-script.ts. */
export class LimitBatch {
  readonly calls: LimitCall[] = [];
  readonly keys: string[];
  /** When it was counted, by the clock that counts; 0 before. */
  countedAt = 0;
  private readonly texts: (string | number)[] = [];

  constructor(private readonly ended: readonly Lease[]) {
    this.keys = ended.map(({ key }) => key);
  }

  add(call: LimitCall): void {
    this.calls.push(call);
    this.texts.push(call.limits.length, call.lease);
    for (const limit of call.limits) {
      this.keys.push(keyOf(limit));
      this.texts.push(call.mode === 'take' ? textOf(limit) : settledText(limit));
    }
  }

  args(now: string | number): (string | number)[] {
    return [now, this.ended.length, ...this.ended.map(({ id }) => id), ...this.texts];
  }

  /** `hold` keeps a lease that was taken, and returns the function that ends it. */
  answer(numbers: readonly number[], hold: (lease: Lease) => () => void): void {
    this.countedAt = numbers.at(-1) ?? 0;
    let next = 0;
    for (const { limits, lease, resolve } of this.calls) {
      const outcomes: LimitOutcome[] = [];
      for (let index = 0; index < limits.length; index++, next += numbersPerLimit) {
        outcomes.push({
          remaining: numbers[next] ?? 0,
          resetMs: numbers[next + 1] ?? 0,
          retryAfterMs: numbers[next + 2] ?? 0,
          delayMs: numbers[next + 3] ?? 0,
        });
      }
      const decision = toDecision(limits, outcomes);
      resolve(lease === '' || !decision.allowed ? decision : withLeases(decision, limits, outcomes, lease, hold));
    }
  }
}

export const keyOf = (limit: Limit): string => `${slotTag}:${limitId(limit)}`;

/** The text of a limit is the same with every request to a route: the last one made for a policy is kept. */
const texts = new WeakMap<LimitPolicy, { readonly cost: number; readonly text: string }>();

function textOf({ policy, cost = 1 }: Limit): string {
  const kept = texts.get(policy);
  if (kept?.cost === cost) return kept.text;
  const text = `${policyText(policy, cost)} ${policy.isShadow === true ? 1 : 0}`;
  texts.set(policy, { cost, text });
  return text;
}

const settledText = ({ policy, cost = 1, countedAt }: SpentLimit): string =>
  `${policyText(policy, cost)} 2 ${countedAt ?? ''}`;

const policyText = (policy: LimitPolicy, cost: number): string =>
  `${letterOf(policy)} ${policy.quota} ${policy.windowMs} ${bucketSize(policy)} ${cost} ${policy.maxDelayMs ?? 0}`;

function withLeases(
  decision: LimitDecision,
  limits: readonly Limit[],
  outcomes: readonly LimitOutcome[],
  id: string,
  hold: (lease: Lease) => () => void,
): LimitDecision {
  const ends: (() => void)[] = [];
  limits.forEach((limit, index) => {
    const { policy, cost } = limit;
    if (policy.algorithm !== 'concurrency' || cost === 0 || outcomes[index]?.retryAfterMs !== 0) return;
    ends.push(hold({ key: keyOf(limit), id, windowMs: policy.windowMs }));
  });
  if (ends.length === 0) return decision;
  return { ...decision, release: () => ends.forEach((end) => end()) };
}
