import { z } from 'zod';

import { duration, listOf, wholeNumber } from './quantities.js';

const scheme = z.enum(['http', 'https']).default('http').describe('How the instances are spoken to.');

const dns = z
  .strictObject({
    name: z.string().min(1).describe('The name that is asked for.'),
    type: z
      .enum(['A', 'AAAA', 'SRV'])
      .default('A')
      .describe('A and AAAA name addresses; SRV names hosts, ports, weights and priorities.'),
    port: wholeNumber(1, 65_535).optional().describe('The port of every instance. Of A and AAAA, and only of those.'),
    scheme,
    refresh: duration
      .refine((ms) => ms >= 1_000, 'at least 1s')
      .prefault('10s')
      .describe('How often it is asked for at least; sooner when the answer may be kept for a shorter time.'),
    servers: listOf(z.string().min(1))
      .default([])
      .describe('The name servers to ask, as address or address:port; empty: those of this machine.'),
  })
  .refine(({ type, port }) => (type === 'SRV') === (port === undefined), {
    path: ['port'],
    message: 'belongs to A and AAAA; SRV brings its own',
  });

const nacos = z.strictObject({
  service: z.string().min(1).describe('The name of the service in Nacos.'),
  group: z.string().min(1).default('DEFAULT_GROUP').describe('Its group.'),
  clusters: z.array(z.string().min(1)).default([]).describe('Only instances of these clusters; empty: of all.'),
  scheme,
  refresh: duration
    .refine((ms) => ms >= 1_000, 'at least 1s')
    .prefault('3s')
    .describe('How often it is asked.'),
});

export const discovery = z
  .strictObject({
    dns: dns.optional().describe('Names in the DNS, as of Kubernetes or Consul.'),
    nacos: nacos.optional().describe('Registered at the Nacos server that NACOS_SERVER names.'),
  })
  .refine((value) => (value.dns === undefined) !== (value.nacos === undefined), {
    message: 'needs either dns or nacos',
  });

export type DnsDiscoveryConfig = z.output<typeof dns>;
export type NacosDiscoveryConfig = z.output<typeof nacos>;
export type DiscoveryConfig = z.output<typeof discovery>;
