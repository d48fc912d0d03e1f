import { bucketSize, intervalMs, type LimitAlgorithm, rounding, wholeMs } from './limit-algorithm.js';

/** The time at which the bucket will have run empty: all that has to be kept (GCRA, ITU-T I.371). */
export interface LeakyBucket {
  readonly emptyAt: number;
}

/** Each request pours its cost in, and the bucket leaks at the rate of the quota; what would overflow is refused. */
export const leakyBucket: LimitAlgorithm<LeakyBucket> = {
  settle: (_policy, kept, now) => ({ emptyAt: Math.max(now, kept?.emptyAt ?? now) }),
  waitMs(policy, { emptyAt }, now, cost) {
    if (cost > bucketSize(policy)) return policy.windowMs;
    return Math.max(0, wholeMs(emptyAt - now - (bucketSize(policy) - cost) * intervalMs(policy)));
  },
  spend: (policy, { emptyAt }, _now, cost) => ({ emptyAt: emptyAt + cost * intervalMs(policy) }),
  remaining: (policy, { emptyAt }, now) =>
    Math.max(0, Math.floor(bucketSize(policy) - (emptyAt - now) / intervalMs(policy) + rounding)),
  resetMs(policy, { emptyAt }, now) {
    const level = (emptyAt - now) / intervalMs(policy);
    if (level <= rounding) return 0;
    return wholeMs((level - Math.ceil(level - rounding) + 1) * intervalMs(policy));
  },
};
