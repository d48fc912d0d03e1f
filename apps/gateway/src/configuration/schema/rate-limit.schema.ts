import { z } from 'zod';

import { duration, period, wholeNumber } from './quantities.js';

const rateLimitKeys = ['address', 'user', 'tenant', 'apiKey', 'route'] as const;
export type RateLimitKey = (typeof rateLimitKeys)[number];

const rateLimitAlgorithms = ['token-bucket', 'leaky-bucket', 'fixed-window', 'sliding-window', 'concurrency'] as const;

const key = z
  .union([z.enum(rateLimitKeys), z.array(z.enum(rateLimitKeys)).min(1)], {
    error: `one of ${rateLimitKeys.join(', ')}, or a list of them`,
  })
  .transform((key): readonly RateLimitKey[] => (typeof key === 'string' ? [key] : [...new Set(key)]));

export const rateLimit = z
  .strictObject({
    key: key.describe('What is counted apart; a list counts each combination apart.'),
    algorithm: z.enum(rateLimitAlgorithms).default('token-bucket').describe('How the quota is spread over the window.'),
    quota: wholeNumber(1, 1_000_000_000).describe('Requests per window; for `concurrency`, requests at once.'),
    window: period.prefault('60s').describe('The length of the window.'),
    burst: wholeNumber(1, 1_000_000_000)
      .optional()
      .describe('For the buckets: requests that may come at once; the quota if absent, 1 where requests are delayed.'),
    maxDelay: duration
      .optional()
      .describe('For leaky-bucket: what comes too fast waits its turn, so long at most; absent: it is refused.'),
    lease: duration
      .prefault('30s')
      .describe('For concurrency: when a gateway dies, its requests count so long; its own are renewed.'),
    shadow: z.boolean().default(false).describe('Counted, logged and measured, but nobody is refused.'),
    onFailure: z
      .enum(['open', 'closed'])
      .default('open')
      .describe('When neither Redis nor this process can count a request: let it pass, or refuse it with 503.'),
  })
  .superRefine(({ algorithm, burst, maxDelay }, check) => {
    const only = (field: string, where: string) =>
      check.addIssue({ code: 'custom', path: [field], message: `is for ${where}, and this is ${algorithm}` });
    if (burst !== undefined && !algorithm.endsWith('bucket')) only('burst', 'token-bucket and leaky-bucket');
    if (maxDelay !== undefined && algorithm !== 'leaky-bucket') only('maxDelay', 'leaky-bucket');
  });

export type RateLimitConfig = z.output<typeof rateLimit>;
