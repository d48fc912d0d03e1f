import { z } from 'zod';

import { duration, wholeNumber } from './quantities.js';

export const rateLimitKeys = ['address', 'user', 'tenant', 'apiKey', 'route'] as const;
export const rateLimitAlgorithms = ['token-bucket', 'leaky-bucket', 'fixed-window', 'sliding-window'] as const;

export const rateLimit = z.strictObject({
  key: z.enum(rateLimitKeys).describe('What is counted apart.'),
  algorithm: z.enum(rateLimitAlgorithms).default('token-bucket').describe('How the quota is spread over the window.'),
  quota: wholeNumber(1, 1_000_000_000).describe('Requests per window.'),
  window: duration.refine((ms) => ms > 0, 'must be longer than nothing').describe('The length of the window.'),
  burst: wholeNumber(1, 1_000_000_000)
    .optional()
    .describe('Requests that may come at once; the quota if absent. For the two buckets.'),
});

export type RateLimitConfig = z.output<typeof rateLimit>;
