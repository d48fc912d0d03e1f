import { concurrency } from './concurrency.js';
import { fixedWindow } from './fixed-window.js';
import { leakyBucket } from './leaky-bucket.js';
import type { LimitAlgorithm } from './limit-algorithm.js';
import type { LimitAlgorithmName } from '../limits/rate-limiter.js';
import { slidingWindow } from './sliding-window.js';
import { tokenBucket } from './token-bucket.js';

/** A state is only ever read by the algorithm that wrote it: the algorithm is part of the name it is kept under. */
export const limitAlgorithms = {
  'token-bucket': tokenBucket,
  'leaky-bucket': leakyBucket,
  'fixed-window': fixedWindow,
  'sliding-window': slidingWindow,
  concurrency,
} as Record<LimitAlgorithmName, LimitAlgorithm<object>>;
