import { z } from 'zod';

import { clientTls } from './client-tls.schema.js';
import { duration, durationOrNone, wholeNumber } from './quantities.js';

const upstreamProtocols = ['http1', 'http2'] as const;

const breaker = z.strictObject({
  consecutiveFailures: wholeNumber(0, 1000)
    .default(10)
    .describe('Requests in a row without an answer that open it; 0: never for that. Answers 5xx are answers.'),
  errorShare: wholeNumber(0, 100)
    .default(50)
    .describe('Percent of such requests in a window that open it; 0: never for that.'),
  minRequests: wholeNumber(1, 1_000_000)
    .default(50)
    .describe('With fewer requests in a window their share says nothing.'),
  window: duration.prefault('10s').describe('Over which `errorShare` is counted.'),
  openFor: duration
    .prefault('2s')
    .describe('How long nothing is sent to the instance, until one request tries it again.'),
});

/** How requests go to the instances of a service, and what happens when that does not work. */
export const forwarding = {
  protocol: z
    .enum(upstreamProtocols)
    .default('http1')
    .describe('What the instances speak. http2 is what gRPC needs; without TLS they must expect it.'),
  tls: clientTls.optional().describe('For instances at https: whom to trust, and what to show them.'),
  retries: wholeNumber(0, 5)
    .default(1)
    .describe(
      'Further attempts, on other instances, for requests that cannot have happened yet or may happen twice; 0: none.',
    ),
  retryBudget: wholeNumber(0, 100)
    .default(20)
    .describe(
      'Percent of the running requests of the service that may be further attempts; three always may; 0: none may.',
    ),
  retryBackoff: durationOrNone
    .prefault('25ms')
    .describe(
      'Before the first further attempt, twice as long before each next one; at random between half and all; 0s: at once.',
    ),
  connections: wholeNumber(1, 10_000).default(256).describe('Connections to one instance at most.'),
  queue: wholeNumber(0, 100_000)
    .default(1024)
    .describe(
      'Requests that may wait for a connection to one instance, fewer while it is this process that keeps them waiting; more are refused with 503; 0: none waits.',
    ),
  clientShare: wholeNumber(1, 100)
    .default(50)
    .describe(
      'Percent of `connections`, and of `queue`, that the requests of one address, or of one user, may take at an instance; 100: all.',
    ),
  keepAlive: durationOrNone
    .prefault('4s')
    .describe('How long an unused connection is kept, if the instance does not say less; 0s: one request each.'),
  rest: durationOrNone
    .prefault('1ms')
    .describe(
      'How long a connection rests between requests, so that an answer too many is noticed and harms nobody; 0s: not at all.',
    ),
  breaker: breaker.prefault({}).describe('Stops asking an instance that gives no answers.'),
} as const;

export type BreakerConfig = z.output<typeof breaker>;
