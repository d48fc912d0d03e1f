import { z } from 'zod';

import { clientTls } from './client-tls.schema.js';
import { durationOrNone, fileName, wholeNumber } from './quantities.js';

const resolver = z
  .enum(['grpc', 'none'])
  .default('none')
  .describe('grpc asks the services of this repository; none works without them.');

const issuer = z
  .strictObject({
    issuer: z.string().min(1).describe('The `iss` that a token must carry.'),
    audience: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
        error: 'one audience, a list of several, or any',
      })
      .describe('The `aud` that a token must carry; of a list, one. `any`: whatever it carries, be it nothing.'),
    algorithms: z
      .array(z.enum(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']))
      .min(1)
      .default(['RS256'])
      .describe('Signature algorithms that are taken; the token does not get to choose.'),
    publicKeyFile: fileName.optional().describe('A PEM file with the public key, relative to the configuration file.'),
    jwksUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Where the keys are published; fetched, kept and rotated.'),
    tls: clientTls.optional().describe('For a jwksUrl at https: whom to trust, and what to show them.'),
    types: z
      .array(z.enum(['at+jwt', 'JWT', 'absent']))
      .min(1)
      .default(['at+jwt', 'JWT'])
      .describe(
        'What `typ` may be; `absent`: it may not be there. `[at+jwt]` keeps ID tokens out, if the issuer writes it (RFC 9068).',
      ),
    maxTokenLength: wholeNumber(256, 65_536).default(8_192).describe('How many characters a token may have.'),
    clockTolerance: durationOrNone.prefault('5s').describe('How far the clocks may differ; 0s: not at all.'),
  })
  .refine((value) => (value.publicKeyFile === undefined) !== (value.jwksUrl === undefined), {
    message: 'needs either publicKeyFile or jwksUrl',
  });

/** Of two with one name, one would be asked for nothing. */
function checkOnce(issuers: readonly { readonly issuer: string }[], check: z.RefinementCtx): void {
  const names = issuers.map(({ issuer }) => issuer);
  names.forEach((name, index) => {
    if (names.indexOf(name) === index) return;
    check.addIssue({ code: 'custom', path: [index, 'issuer'], message: 'is listed twice' });
  });
}

export const authentication = z
  .strictObject({
    jwt: z
      .strictObject({
        issuers: z.array(issuer).superRefine(checkOnce).default([]).describe('Whose tokens are taken.'),
      })
      .prefault({})
      .describe('Bearer tokens.'),
    sessions: z
      .strictObject({
        resolver: resolver.describe('grpc: a token is good while its session lives; none: until it expires.'),
      })
      .prefault({})
      .describe('Whether a signed token is still wanted.'),
    apiKeys: z
      .strictObject({
        header: z
          .string()
          .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'a header name')
          .default('X-Api-Key')
          .describe('The header that carries the key. It is never forwarded.'),
        resolver: resolver.describe('grpc: auth-service knows the keys; none: no API keys.'),
      })
      .prefault({})
      .describe('API keys.'),
  })
  .prefault({})
  .describe('How callers say who they are.');

export const accounts = z
  .strictObject({
    resolver: resolver.describe('grpc: user and tenant must be active; none: whoever has a valid token is active.'),
  })
  .prefault({})
  .describe('Whether user and tenant are active.');

export type IssuerConfig = z.output<typeof issuer>;
