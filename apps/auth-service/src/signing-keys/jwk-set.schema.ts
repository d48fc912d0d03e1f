import { z } from 'zod';

const named = { kid: z.uuid(), use: z.literal('sig') };

export const JwkSetAnswer = z
  .object({
    keys: z.array(
      z.discriminatedUnion('kty', [
        z.object({ kty: z.literal('RSA'), alg: z.literal('RS256'), n: z.string(), e: z.string(), ...named }),
        z.object({
          kty: z.literal('EC'),
          alg: z.literal('ES256'),
          crv: z.literal('P-256'),
          x: z.string(),
          y: z.string(),
          ...named,
        }),
        z.object({
          kty: z.literal('OKP'),
          alg: z.literal('EdDSA'),
          crv: z.literal('Ed25519'),
          x: z.string(),
          ...named,
        }),
      ]),
    ),
  })
  .meta({ id: 'JwkSet' });
