import type { Limit, LimitDecision, LimitState } from './rate-limiter.js';

/** What one algorithm says about one limit. */
export interface LimitOutcome {
  readonly remaining: number;
  readonly resetMs: number;
  /** 0: there is enough to spend. */
  readonly retryAfterMs: number;
  /** When there is enough: how long until it is this call's turn. */
  readonly delayMs: number;
}

const none: readonly string[] = [];

/** Joins the outcomes of one call: any limit that is spent refuses the whole, unless it is a shadow. */
export function toDecision(limits: readonly Limit[], outcomes: readonly LimitOutcome[]): LimitDecision {
  const states: LimitState[] = [];
  let retryAfterMs = 0;
  let delayMs = 0;
  let refusedBy: string | undefined;
  let shadowedBy: string[] | undefined;

  for (let index = 0; index < limits.length; index++) {
    const { policy } = limits[index] as Limit;
    const outcome = outcomes[index] as LimitOutcome;
    if (policy.isShadow === true) {
      if (outcome.retryAfterMs > 0) (shadowedBy ??= []).push(policy.name);
    } else if (outcome.retryAfterMs > retryAfterMs) {
      retryAfterMs = outcome.retryAfterMs;
      refusedBy = policy.name;
    } else if (outcome.delayMs > delayMs) {
      delayMs = outcome.delayMs;
    }
    states.push({
      name: policy.name,
      quota: policy.quota,
      windowMs: policy.algorithm === 'concurrency' ? undefined : policy.windowMs,
      remaining: outcome.remaining,
      resetMs: outcome.resetMs,
    });
  }

  return refusedBy === undefined
    ? { allowed: true, states, retryAfterMs: 0, delayMs, shadowedBy: shadowedBy ?? none }
    : { allowed: false, states, retryAfterMs, delayMs: 0, refusedBy, shadowedBy: shadowedBy ?? none };
}
