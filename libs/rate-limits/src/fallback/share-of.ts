import type { LimitPolicy } from '../limits/rate-limiter.js';

/**
 * A policy at an equal share of its rate. Where the share would be less than one call, the window is longer instead:
 * one call in two windows is half of one call in one.
 */
export function shareOf(policy: LimitPolicy, gateways: number, cost: number): LimitPolicy {
  if (gateways <= 1) return policy;
  const atLeast = policy.algorithm === 'concurrency' ? 1 : Math.min(cost, policy.quota);
  const quota = Math.max(1, atLeast, Math.floor(policy.quota / gateways));
  const stretch = Math.max(1, (quota * gateways) / policy.quota);
  return {
    ...policy,
    quota,
    windowMs: Math.ceil(policy.windowMs * stretch),
    ...(policy.burst === undefined ? {} : { burst: Math.max(1, atLeast, Math.floor(policy.burst / gateways)) }),
  };
}
