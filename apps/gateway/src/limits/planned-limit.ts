import { policyField } from './rate-limit-fields.js';
import type { RouteLimit } from './route-limit.js';

/** How many requests the plan of a tenant allows in a window. */
export interface RequestQuota {
  readonly quota: number;
  readonly windowSeconds: number;
}

/** There are few plans; a platform that gives every tenant one of its own makes some limits anew. */
const mostKept = 1_000;

/**
 * Makes a limit of the configuration one of a plan: the quota is the plan's, over the window of the limit, and the rest
 * stays. What a tenant has spent counts on, because the window is the same.
 */
export function plannedLimits(limit: RouteLimit): (quota: RequestQuota) => RouteLimit {
  const made = new Map<number, RouteLimit>();
  return ({ quota, windowSeconds }) => {
    const scaled = Math.max(1, Math.round((quota * limit.policy.windowMs) / (windowSeconds * 1_000)));
    let planned = made.get(scaled);
    if (planned === undefined) {
      if (made.size >= mostKept) made.clear();
      planned = withQuota(limit, scaled);
      made.set(scaled, planned);
    }
    return planned;
  };
}

function withQuota({ planned: _planned, ...limit }: RouteLimit, quota: number): RouteLimit {
  const { burst } = limit.policy;
  const share = quota / limit.policy.quota;
  const scaledBurst = burst === undefined ? undefined : Math.max(1, Math.round(burst * share));
  const policy = { ...limit.policy, quota, burst: scaledBurst };
  return { ...limit, policy, policyField: limit.policyField === '' ? '' : policyField(policy) };
}
