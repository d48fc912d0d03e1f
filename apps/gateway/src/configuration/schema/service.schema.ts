import { z } from 'zod';

import { balancingPolicies, ewma, hash } from './balance.schema.js';
import { discovery } from './discovery.schema.js';
import { forwarding } from './forwarding.schema.js';
import { health } from './health.schema.js';
import { duration, durationOrNone, wholeNumber } from './quantities.js';

/** What is no such URL at all is told by somebody else. */
function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return (
    !/^https?:$/.test(url?.protocol ?? '') ||
    (url !== null && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '')
  );
}

const instance = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'scheme, host and port, for instance http://127.0.0.1:3000' })
    .refine(isOrigin, 'an origin without a path')
    .describe('Scheme, host and port of one process.'),
  weight: wholeNumber(1, 1000).default(1).describe('Its share of the requests; to `round-robin` all are equal.'),
  backup: z.boolean().default(false).describe('Gets requests only while too few of the others are fit.'),
});

const timeouts = z.strictObject({
  connect: duration.prefault('2s').describe('Until the connection stands.'),
  headers: duration.prefault('30s').describe('Until the answer begins, counted from the end of the request.'),
  idle: duration.prefault('60s').describe('Between two pieces of the answer.'),
  total: duration
    .optional()
    .describe(
      'From the arrival of the request to the end of the answer, except for streams of events. Absent: no limit.',
    ),
  quiet: duration.prefault('10m').describe('Without a byte on a WebSocket or a stream of events.'),
});

export const service = z
  .strictObject({
    balance: z.enum(balancingPolicies).default('p2c').describe('How one of the instances is chosen.'),
    hash: hash.prefault({}).describe('What `consistent-hash` goes by.'),
    ewma: ewma.prefault({}).describe('How `ewma` weighs latencies.'),
    slowStart: durationOrNone
      .prefault('0s')
      .describe(
        'How long the share of an instance grows that is new or comes back; 0s: it has all of it at once. `consistent-hash` does without.',
      ),
    health: health.prefault({}).describe('Which instances are fit to get requests.'),
    instances: z.array(instance).default([]).describe('Where the service runs.'),
    discovery: discovery.optional().describe('Where to look for further instances; absent: nowhere.'),
    timeouts: timeouts.prefault({}).describe('How long to wait for it.'),
    ...forwarding,
    preserveHost: z.boolean().default(false).describe('Send the Host of the client rather than that of the instance.'),
    listed: z.boolean().default(true).describe('Whether GET /public/services names it.'),
  })
  .refine(({ instances, discovery }) => instances.length > 0 || discovery !== undefined, {
    path: ['instances'],
    message: 'needs at least one, unless `discovery` finds them',
  })
  .superRefine(({ instances }, check) => {
    const urls = instances.map(({ url }) => URL.parse(url)?.origin ?? url);
    urls.forEach((url, index) => {
      if (urls.indexOf(url) === index) return;
      check.addIssue({ code: 'custom', path: ['instances', index, 'url'], message: 'is listed twice' });
    });
  });

export type ServiceConfig = z.output<typeof service>;
