import { z } from 'zod';

import { durationOrNone } from './quantities.js';
import { proxiedMethods } from '../../http/methods.js';

const isWebOrigin = (text: string): boolean => {
  const example = text.replace('://*.', '://').replace(/:\*$/, ':1');
  return (
    /^https?:/.test(example) && !example.includes('*') && URL.canParse(example) && new URL(example).origin === example
  );
};

/** Of apps in a WebView and of extensions of browsers: `capacitor://localhost`, `chrome-extension://abc`, `tauri://*`. */
const appOrigin =
  /^(?!https?:|file:|data:|blob:|about:|javascript:)[a-z][a-z0-9+.-]*:\/\/(?:\*|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::\d{1,5})?)$/;

const origin = z
  .string()
  .refine(
    (text) => text === '*' || isWebOrigin(text) || appOrigin.test(text),
    'an origin as browsers send it, for instance https://app.example.com, https://*.example.com, http://localhost:*, capacitor://localhost or moz-extension://*; or *',
  );

const headerNames = z.array(z.string().regex(/^(?:\*|[!#$%&'+.^_`|~0-9A-Za-z-]+)$/, 'a header name, or *'));

/** The Fetch standard reads `*` as a plain name when credentials are sent, so it would not do what it says. */
const needsNames = ['origins', 'headers', 'expose'] as const;

export const cors = z
  .strictObject({
    origins: z.array(origin).min(1).describe('Whose pages, apps and extensions may call. `*`: those of everybody.'),
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
    maxAge: durationOrNone
      .prefault('10m')
      .describe('How long a browser may remember the answer to a preflight; 0s: it asks each time.'),
  })
  .superRefine((policy, check) => {
    if (!policy.credentials) return;
    for (const key of needsNames) {
      if (!policy[key].includes('*')) continue;
      check.addIssue({ code: 'custom', path: [key], message: '* does not go with credentials: name them' });
    }
  });

export type CorsConfig = z.output<typeof cors>;
