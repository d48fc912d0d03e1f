import { z } from 'zod';

import { duration } from './quantities.js';
import { proxiedMethods } from './route-methods.js';

const isOrigin = (text: string): boolean => !text.includes('*') && URL.canParse(text) && new URL(text).origin === text;

const origin = z
  .string()
  .refine(
    (text) => text === '*' || isOrigin(text.replace('://*.', '://')),
    'an origin as browsers send it, for instance https://app.example.com or https://*.example.com, or *',
  );

const headerNames = z.array(z.string().regex(/^(?:\*|[!#$%&'+.^_`|~0-9A-Za-z-]+)$/, 'a header name, or *'));

/** The Fetch standard reads `*` as a plain name when credentials are sent, so it would not do what it says. */
const needsNames = ['origins', 'headers', 'expose'] as const;

export const cors = z
  .strictObject({
    origins: z.array(origin).min(1).describe('Whose pages may call. `*`: those of everybody.'),
    methods: z
      .array(z.enum(proxiedMethods))
      .min(1)
      .optional()
      .describe('What they may call; absent: the methods of the route.'),
    headers: headerNames
      .default(['Authorization', 'Content-Type'])
      .describe('What they may send beyond what every page may. `*`: anything but Authorization.'),
    expose: headerNames
      .default(['X-Request-Id', 'X-Trace-Id', 'Retry-After', 'RateLimit', 'RateLimit-Policy'])
      .describe('What they may read of the answer beyond what every page may.'),
    credentials: z.boolean().default(false).describe('Whether cookies and client certificates may be sent.'),
    maxAge: duration.prefault('10m').describe('How long a browser may remember the answer to a preflight.'),
  })
  .superRefine((policy, check) => {
    if (!policy.credentials) return;
    for (const key of needsNames) {
      if (!policy[key].includes('*')) continue;
      check.addIssue({ code: 'custom', path: [key], message: '* does not go with credentials: name them' });
    }
  });

export type CorsConfig = z.output<typeof cors>;
