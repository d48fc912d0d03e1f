import { z } from 'zod';

import { cors } from './cors.schema.js';
import { fixedAnswer, redirect } from './direct-answer.schema.js';
import { headerChanges } from './header-changes.schema.js';
import { headerPredicate, queryPredicate } from './predicate.schema.js';
import { byteSizeOrNone, duration, wholeNumber } from './quantities.js';
import { proxiedMethods } from '../../http/methods.js';

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
    .describe(
      'All of these scopes are needed; empty: none. From a session that auth-service knows (`sessions.resolver: grpc`) they are needed only if its token names scopes.',
    ),
  withoutSecondFactor: z
    .boolean()
    .default(false)
    .describe(
      'Whether members of a tenant that asks for a second factor come in without one, for instance to enrol it.',
    ),
  withoutTenant: z
    .boolean()
    .default(false)
    .describe(
      'Whether people come in who have no tenant, or no active one, with nothing in X-Tenant-Id: for what is their own.',
    ),
});

const timeouts = z.strictObject({
  headers: duration.optional().describe('Until the answer begins, counted from the end of the request.'),
  idle: duration.optional().describe('Between two pieces of the answer.'),
  total: duration.optional().describe('From the arrival of the request to the end of the answer, retries included.'),
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
    .regex(/^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/, 'a host name in lower case, without a port, or *.example.com')
    .optional()
    .describe('Only requests to this host, or to any name below it (`*.example.com`); absent: any.'),
  methods: z
    .array(z.enum(proxiedMethods))
    .min(1)
    .optional()
    .describe('Only these; absent: all. GET brings HEAD with it.'),
  path,
  headers: z.array(headerPredicate).default([]).describe('Only requests with these headers; empty: any.'),
  query: z.array(queryPredicate).default([]).describe('Only requests with these query parameters; empty: any.'),
  priority: wholeNumber(-1000, 1000)
    .default(0)
    .describe('The higher goes first among routes that are equally specific. It never beats a more specific route.'),
  encodedSlashes: z
    .enum(['refuse', 'keep'])
    .default('refuse')
    .describe('What becomes of a path with %2F: 400, or passed on as it is, as part of a segment.'),

  service: z.string().optional().describe('The name of a service: it answers.'),
  redirect: redirect.optional().describe('Instead of a service: the client is sent elsewhere.'),
  answer: fixedAnswer.optional().describe('Instead of a service: always the same answer.'),

  access: access.prefault({}).describe('Who may call. The default is: somebody who is known.'),
  rateLimits: z.array(z.string()).default([]).describe('Names of limits, taken all together or not at all.'),
  cost: wholeNumber(1, 1_000_000)
    .default(1)
    .describe('What one request spends from each of these limits, and from those of an API key.'),
  cors: cors.optional().describe('Which pages of other origins may call; absent: the service decides.'),
  rewrite: path.optional().describe('The path that the service sees instead; `{parameters}` and `/**` are filled in.'),
  stripPrefix: path.optional().describe('The service sees the path without this beginning.'),
  requestHeaders: headerChanges.prefault({}).describe('Changes to the headers that the service sees.'),
  answerHeaders: headerChanges.prefault({}).describe('Changes to the headers that the client sees.'),
  timeouts: timeouts.prefault({}).describe('Instead of those of the service.'),
  streams: wholeNumber(1, 1_000_000)
    .optional()
    .describe('WebSockets and streams at once on this route, instead of `protection.streamsPerRoute`.'),
  bodyRate: byteSizeOrNone.optional().describe('Instead of the rate for all; 0B: a body may come however slowly.'),
  bodyBytes: byteSizeOrNone.optional().describe('Instead of the limit for all; 0B: there may be no body.'),
});

export type AccessConfig = z.output<typeof access>;
export type RouteConfig = z.output<typeof route>;
