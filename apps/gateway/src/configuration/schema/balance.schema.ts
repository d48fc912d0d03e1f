import { z } from 'zod';

import { duration, wholeNumber } from './quantities.js';

export const balancingPolicies = [
  'round-robin',
  'weighted',
  'least-connections',
  'random',
  'p2c',
  'ewma',
  'consistent-hash',
] as const;
export type BalancingPolicyName = (typeof balancingPolicies)[number];

export const hash = z
  .strictObject({
    on: z
      .enum(['address', 'header', 'cookie', 'user'])
      .default('address')
      .describe('What keeps a client with its instance. Where it is missing, the address does.'),
    name: z.string().min(1).optional().describe('Of the header or the cookie.'),
    maxLoad: wholeNumber(0, 1000)
      .default(125)
      .describe('Percent of the average load that an instance takes before its clients go on to the next; 0: any.'),
  })
  .refine(({ maxLoad }) => maxLoad === 0 || maxLoad > 100, { path: ['maxLoad'], message: '0 or more than 100' })
  .refine(({ on, name }) => name !== undefined || (on !== 'header' && on !== 'cookie'), {
    path: ['name'],
    message: 'a header or a cookie has a name',
  });

export const ewma = z.strictObject({
  decay: duration.prefault('5s').describe('How fast a measured latency is forgotten.'),
  exploration: wholeNumber(0, 50)
    .default(2)
    .describe(
      'Percent of the requests that go anywhere, so that a slow instance that is fast again is noticed; 0: none.',
    ),
});

export type HashConfig = z.output<typeof hash>;
export type EwmaConfig = z.output<typeof ewma>;
