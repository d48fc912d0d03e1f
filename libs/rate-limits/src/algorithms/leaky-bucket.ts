import { bucketSize, intervalMs, type LimitAlgorithm, rounding, wholeMs } from './limit-algorithm.js';
import type { LimitPolicy } from '../limits/rate-limiter.js';

/** A level and not the time at which it will be empty: times are too large for the fractions of a millisecond. */
export interface LeakyBucket {
  level: number;
  at: number;
}

/** How much may be poured in, what stands in the queue above the rim included. */
const capacity = (policy: LimitPolicy): number => bucketSize(policy) + (policy.maxDelayMs ?? 0) / intervalMs(policy);

const turnInMs = (policy: LimitPolicy, { level }: LeakyBucket, _now: number, cost: number): number =>
  Math.max(0, wholeMs((level + cost - bucketSize(policy)) * intervalMs(policy)));

/**
 * Each request pours its cost in, and the bucket leaks at the rate of the quota. What would overflow waits until
 * there is room, if that is soon enough, and is refused otherwise.
 */
export const leakyBucket: LimitAlgorithm<LeakyBucket> = {
  open: (_policy, now) => ({ level: 0, at: now }),
  resume: (policy, remaining, _resetMs, now) => ({ level: Math.max(0, capacity(policy) - remaining), at: now }),
  settle(policy, bucket, now) {
    if (now <= bucket.at) return;
    bucket.level = Math.max(0, bucket.level - (now - bucket.at) / intervalMs(policy));
    bucket.at = now;
  },
  waitMs(policy, bucket, now, cost) {
    if (cost > bucketSize(policy)) return policy.windowMs;
    return Math.max(0, turnInMs(policy, bucket, now, cost) - (policy.maxDelayMs ?? 0));
  },
  delayMs: turnInMs,
  spend(_policy, bucket, _now, cost) {
    bucket.level = Math.max(0, bucket.level + cost);
  },
  remaining: (policy, { level }) => Math.max(0, Math.floor(capacity(policy) - level + rounding)),
  resetMs(policy, { level }) {
    if (level <= rounding) return 0;
    const room = capacity(policy) - level;
    // More than is in it cannot leak out.
    return wholeMs(Math.min(level, Math.floor(room + rounding) + 1 - room) * intervalMs(policy));
  },
  owed: (_policy, { level }) => level,
};
