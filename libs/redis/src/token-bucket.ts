import { bucketSize, intervalMs, type LimitAlgorithm, rounding, wholeMs } from './limit-algorithm.js';

export interface TokenBucket {
  readonly tokens: number;
  readonly at: number;
}

/** Tokens come in at the rate of the quota until the bucket is full; each request takes its cost out. */
export const tokenBucket: LimitAlgorithm<TokenBucket> = {
  settle(policy, kept, now) {
    if (kept === undefined) return { tokens: bucketSize(policy), at: now };
    const earned = Math.max(0, now - kept.at) / intervalMs(policy);
    return { tokens: Math.min(bucketSize(policy), kept.tokens + earned), at: Math.max(now, kept.at) };
  },
  waitMs(policy, { tokens }, _now, cost) {
    if (cost > bucketSize(policy)) return policy.windowMs;
    return Math.max(0, wholeMs((cost - tokens) * intervalMs(policy)));
  },
  spend: (_policy, { tokens, at }, _now, cost) => ({ tokens: tokens - cost, at }),
  remaining: (_policy, { tokens }) => Math.max(0, Math.floor(tokens + rounding)),
  resetMs(policy, { tokens }) {
    if (tokens + rounding >= bucketSize(policy)) return 0;
    return wholeMs((Math.floor(tokens + rounding) + 1 - tokens) * intervalMs(policy));
  },
};
