import { z } from 'zod';

export const JwkSetAnswer = z.object({
  keys: z.array(
    z.object({
      kty: z.literal('RSA'),
      n: z.string(),
      e: z.string(),
      kid: z.uuid(),
      use: z.literal('sig'),
      alg: z.literal('RS256'),
    }),
  ),
});
