import { z } from 'zod';

import type { RegisteredInstance } from './nacos-api.js';

/** An instance as all versions describe it. What does not say that it is well is not asked. */
const listed = z.array(
  z.object({
    ip: z.string().min(1),
    port: z.number().int().min(1).max(65_535),
    weight: z.number().default(1),
    healthy: z.boolean(),
    enabled: z.boolean(),
  }),
);

export const wellOnes = (hosts: unknown): readonly RegisteredInstance[] =>
  listed
    .parse(hosts)
    .filter(({ enabled, healthy, weight }) => enabled && healthy && weight > 0)
    .map(({ ip, port, weight }) => ({ ip, port, weight }));
