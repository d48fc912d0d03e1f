import { isIP } from 'node:net';

import { z } from 'zod';

import { listOf } from './quantities.js';

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128);
}

const network = z.string().refine(isNetwork, 'an address or a network, for instance 10.0.0.0/8 or ::1');

export const trustedProxies = listOf(network)
  .default([])
  .describe(
    'Networks of the proxies in front of the gateway: X-Forwarded-For and -Proto are believed only from these.',
  );

export const addresses = z
  .strictObject({
    // A list that a variable has left empty would let everybody in.
    allow: listOf(network)
      .refine((networks) => networks.length > 0, 'lets nobody in; leave it out to let everybody in')
      .optional()
      .describe('Only these networks may call; absent: all.'),
    deny: listOf(network).default([]).describe('These networks may not call, whatever `allow` says.'),
    rateLimits: z
      .array(z.string())
      .default([])
      .describe('Limits by address that hold on every route, spent before anybody is identified.'),
  })
  .prefault({})
  .describe('Who may call, by address alone.');
