import { z } from 'zod';

import { wholeNumber } from './quantities.js';

export const redirect = z.strictObject({
  to: z
    .string()
    .regex(
      /^(?:https?:\/\/(?:\{host\}|[a-z0-9.-]+)(?::\d{1,5})?)?\/[!-~]*$/,
      'a path, or http:// or https:// with a host (or {host}, the one that was asked for) and a path',
    )
    .describe('Where to go instead; `{parameters}` and `/**` of the path are filled in.'),
  status: z
    .union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)])
    .default(307)
    .describe('301 and 308 are for good and remembered by clients; 307 and 308 keep the method.'),
  query: z.enum(['keep', 'drop']).default('keep').describe('What becomes of the query.'),
});

export const fixedAnswer = z
  .strictObject({
    status: wholeNumber(200, 599).default(200).describe('Its status.'),
    contentType: z.string().min(1).default('text/plain; charset=utf-8').describe('What the body is.'),
    body: z.string().max(65_536).default('').describe('Its body.'),
  })
  .refine(({ status, body }) => body === '' || ![204, 205, 304].includes(status), {
    path: ['body'],
    message: 'an answer of this status has no body',
  });

export type RedirectConfig = z.output<typeof redirect>;
export type FixedAnswerConfig = z.output<typeof fixedAnswer>;
