import { z } from 'zod';

import { byteSize, duration } from './quantities.js';

export const proxiedMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type ProxiedMethod = (typeof proxiedMethods)[number];

export const authenticationMethods = ['jwt', 'api-key'] as const;
export type AuthenticationMethod = (typeof authenticationMethods)[number];

const access = z.strictObject({
  authenticated: z.boolean().default(true).describe('Whether the caller must say who they are.'),
  methods: z
    .array(z.enum(authenticationMethods))
    .min(1)
    .default([...authenticationMethods])
    .describe('How they may say it.'),
  roles: z.array(z.string().min(1)).default([]).describe('One of these roles is needed; empty: none.'),
  scopes: z
    .array(z.string().min(1))
    .default([])
    .describe('All of these scopes are needed from an API key; empty: none.'),
});

const timeouts = z.strictObject({
  headers: duration.optional().describe('Until the answer begins, counted from the end of the request.'),
  idle: duration.optional().describe('Between two pieces of the answer.'),
});

const path = z
  .string()
  .regex(/^\/[!-~]*$/, 'begins with a slash and has no spaces')
  .describe('Exact, with `{parameters}`, or ending in `/**`, which matches what stands before it too.');

export const route = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower case letters, digits and dashes')
    .describe('Its name in logs and metrics.'),
  host: z
    .string()
    .regex(/^[a-z0-9.-]+$/, 'a host name in lower case, without a port')
    .optional()
    .describe('Only requests to this host; absent: any.'),
  methods: z
    .array(z.enum(proxiedMethods))
    .min(1)
    .optional()
    .describe('Only these; absent: all. GET brings HEAD with it.'),
  path,
  service: z.string().describe('The name of a service.'),
  access: access.prefault({}).describe('Who may call. The default is: somebody who is known.'),
  rateLimits: z.array(z.string()).default([]).describe('Names of limits, taken all together or not at all.'),
  rewrite: path.optional().describe('The path that the service sees instead; `{parameters}` and `/**` are filled in.'),
  timeouts: timeouts.prefault({}).describe('Instead of those of the service.'),
  bodyBytes: byteSize.optional().describe('Instead of the limit for all.'),
});

export type AccessConfig = z.output<typeof access>;
export type RouteConfig = z.output<typeof route>;
