import { z } from 'zod';

export const LimitsView = z
  .object({
    items: z.array(
      z.looseObject({
        name: z.string(),
        routes: z.array(z.string()).describe('The routes that take it.'),
        everywhere: z.boolean().describe('Whether it holds by address on every route.'),
      }),
    ),
    addresses: z.object({ allow: z.array(z.string()), deny: z.array(z.string()) }),
    shared: z.boolean().describe('Whether they are counted in Redis, with all other gateways.'),
    request: z.looseObject({}).describe('What one request may be.'),
  })
  .meta({ id: 'Limits' });
export type LimitsView = z.infer<typeof LimitsView>;
