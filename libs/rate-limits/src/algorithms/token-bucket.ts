import { bucketSize, intervalMs, type LimitAlgorithm, rounding, wholeMs } from './limit-algorithm.js';

export interface TokenBucket {
  tokens: number;
  at: number;
}

/** Tokens come in at the rate of the quota until the bucket is full; each request takes its cost out. */
export const tokenBucket: LimitAlgorithm<TokenBucket> = {
  open: (policy, now) => ({ tokens: bucketSize(policy), at: now }),
  resume: (policy, remaining, _resetMs, now) => ({ tokens: Math.min(bucketSize(policy), remaining), at: now }),
  settle(policy, bucket, now) {
    if (now <= bucket.at) return;
    bucket.tokens = Math.min(bucketSize(policy), bucket.tokens + (now - bucket.at) / intervalMs(policy));
    bucket.at = now;
  },
  waitMs(policy, { tokens }, _now, cost) {
    if (cost > bucketSize(policy)) return policy.windowMs;
    return Math.max(0, wholeMs((cost - tokens) * intervalMs(policy)));
  },
  spend(_policy, bucket, _now, cost) {
    bucket.tokens -= cost;
  },
  remaining: (_policy, { tokens }) => Math.max(0, Math.floor(tokens + rounding)),
  resetMs(policy, { tokens }) {
    if (tokens + rounding >= bucketSize(policy)) return 0;
    return wholeMs((Math.floor(tokens + rounding) + 1 - tokens) * intervalMs(policy));
  },
  owed: (policy, { tokens }) => Math.max(0, bucketSize(policy) - tokens),
};
