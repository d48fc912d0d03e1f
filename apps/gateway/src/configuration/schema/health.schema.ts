import { z } from 'zod';

import { duration, durationOrNone, wholeNumber } from './quantities.js';

const checkTypes = ['http', 'tcp', 'grpc'] as const;

const check = z.strictObject({
  type: z
    .enum(checkTypes)
    .default('http')
    .describe('http asks for a path (HTTP/1.1), tcp opens a connection, grpc calls grpc.health.v1.'),
  path: z.string().startsWith('/').default('/health').describe('What http asks for.'),
  statuses: z.array(wholeNumber(100, 599)).min(1).default([200, 204]).describe('Answers to http that count as well.'),
  grpcService: z
    .string()
    .regex(/^[\w.]{0,127}$/)
    .default('')
    .describe('The service that grpc asks about; empty: the server as a whole.'),
  port: wholeNumber(1, 65_535).optional().describe('Where to ask, if not at the port of the instance.'),
  interval: duration
    .prefault('2s')
    .describe('From one check to the next; a quarter of it while the result is in doubt.'),
  timeout: duration.prefault('1s').describe('How long one check may take.'),
  jitter: wholeNumber(0, 100)
    .default(10)
    .describe('Percent of the interval by which it varies, so that checks spread; 0: by nothing.'),
  unhealthyAfter: wholeNumber(1, 100).default(2).describe('Checks in a row that must fail before it gets no requests.'),
  healthyAfter: wholeNumber(1, 100).default(2).describe('Checks in a row that must pass before it gets them again.'),
});

const outliers = z.strictObject({
  consecutiveFailures: wholeNumber(0, 1000)
    .default(5)
    .describe('Failures in a row (5xx, broken or no answers) that put an instance out; 0: never for that.'),
  errorShare: wholeNumber(0, 100)
    .default(50)
    .describe('Percent of failures in a window that put it out if the others do twice as well; 0: never for that.'),
  minRequests: wholeNumber(1, 1_000_000)
    .default(20)
    .describe('With fewer answers in a window their share says nothing.'),
  window: duration.prefault('10s').describe('Over which `errorShare` is counted.'),
  stalledAfter: durationOrNone
    .prefault('3s')
    .describe(
      'With `consecutiveFailures` requests unanswered and silent for so long, while others answer, it is out; 0s: never.',
    ),
  ejection: duration.prefault('5s').describe('How long it is out the first time, and twice as long each further time.'),
  maxEjection: duration
    .prefault('1m')
    .describe('At most so long; also how long it must do well for that to be forgotten.'),
  maxEjected: wholeNumber(0, 100)
    .default(70)
    .describe('Percent of the instances that may be out in this way at once; 0: none.'),
});

export const health = z.strictObject({
  check: check.optional().describe('Asks each instance regularly how it is. Absent: nobody asks.'),
  outliers: outliers.prefault({}).describe('Leaves instances alone that fail real requests.'),
  panicBelow: wholeNumber(0, 100)
    .default(25)
    .describe('With less than this percentage of instances fit, all of them that can be reached take part; 0: never.'),
});

export type CheckConfig = z.output<typeof check>;
export type OutlierConfig = z.output<typeof outliers>;
