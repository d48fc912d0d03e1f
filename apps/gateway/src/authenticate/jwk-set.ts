import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

import { z } from 'zod';

import type { PublicKey } from './key-source.js';

/** RFC 7517; members that we do not read may be there. */
const jwkSet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

/** The signature keys of a published set, by id. What is of no use to us is left out, as RFC 7517 §5 asks. */
export function readJwkSet(published: unknown, algorithms: readonly string[]): ReadonlyMap<string, PublicKey> {
  const keys = new Map<string, PublicKey>();
  for (const jwk of jwkSet.parse(published).keys) {
    const { kty, kid, use, alg } = jwk;
    if (kty === 'oct' || (use !== undefined && use !== 'sig')) continue;
    if (typeof alg === 'string' && !algorithms.includes(alg)) continue;
    const key = tryImport(jwk);
    const algorithm = typeof alg === 'string' ? alg : undefined;
    if (key !== undefined) keys.set(typeof kid === 'string' ? kid : '', { key, algorithm });
  }
  return keys;
}

function tryImport(jwk: Record<string, unknown>): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    return undefined;
  }
}
