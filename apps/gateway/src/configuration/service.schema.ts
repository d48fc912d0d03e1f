import { z } from 'zod';

import { duration, wholeNumber } from './quantities.js';

export const balancingPolicies = ['round-robin', 'weighted', 'least-connections', 'random'] as const;
export type BalancingPolicyName = (typeof balancingPolicies)[number];

const instance = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .refine((text) => new URL(text).pathname === '/' && new URL(text).search === '', 'an origin without a path')
    .describe('Scheme, host and port of one process.'),
  weight: wholeNumber(1, 1000).default(1).describe('Its share under the policy `weighted`.'),
});

const timeouts = z.strictObject({
  connect: duration.prefault('2s').describe('Until the connection stands.'),
  headers: duration.prefault('30s').describe('Until the answer begins, counted from the end of the request.'),
  idle: duration.prefault('60s').describe('Between two pieces of the answer.'),
});

export const service = z.strictObject({
  balance: z.enum(balancingPolicies).default('round-robin').describe('How one of the instances is chosen.'),
  instances: z.array(instance).min(1).describe('Where the service runs.'),
  timeouts: timeouts.prefault({}).describe('How long to wait for it.'),
  retries: wholeNumber(0, 5)
    .default(1)
    .describe('Further attempts, on other instances, for requests that cannot have happened yet or may happen twice.'),
  connections: wholeNumber(1, 10_000).default(256).describe('Connections to one instance at most.'),
  preserveHost: z.boolean().default(false).describe('Send the Host of the client rather than that of the instance.'),
  listed: z.boolean().default(true).describe('Whether GET /public/services names it.'),
});

export type InstanceConfig = z.output<typeof instance>;
export type ServiceConfig = z.output<typeof service>;
