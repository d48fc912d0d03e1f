import type { Limit, LimitDecision } from './rate-limiter.js';

/** What one algorithm says about one limit. */
export interface LimitOutcome {
  readonly remaining: number;
  readonly resetMs: number;
  /** 0: there is enough to spend. */
  readonly retryAfterMs: number;
}

/** Joins the outcomes of one call: any limit that is spent refuses the whole. */
export function toDecision(limits: readonly Limit[], outcomes: readonly LimitOutcome[]): LimitDecision {
  let retryAfterMs = 0;
  let refusedBy: string | undefined;

  const states = limits.map(({ policy: { name, quota, windowMs } }, index) => {
    const outcome = outcomes[index] ?? { remaining: 0, resetMs: 0, retryAfterMs: windowMs };
    if (outcome.retryAfterMs > retryAfterMs) {
      retryAfterMs = outcome.retryAfterMs;
      refusedBy = name;
    }
    return { name, quota, windowMs, remaining: outcome.remaining, resetMs: outcome.resetMs };
  });

  return refusedBy === undefined
    ? { allowed: true, states, retryAfterMs: 0 }
    : { allowed: false, states, retryAfterMs, refusedBy };
}
