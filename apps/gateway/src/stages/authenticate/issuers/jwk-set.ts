import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

import { z } from 'zod';

import type { PublicKey } from './key-source.js';

/** RFC 7517; members that we do not read may be there. */
const jwkSet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

/** The signature keys of a published set, by id. What is of no use to us is left out, as RFC 7517 §5 asks. */
export function readJwkSet(published: unknown, algorithms: readonly string[]): ReadonlyMap<string, PublicKey> {
  const keys = new Map<string, PublicKey>();
  for (const jwk of jwkSet.parse(published).keys) {
    const { kty, kid, alg } = jwk;
    if (kty === 'oct' || !mayVerify(jwk)) continue;
    if (alg !== undefined && (typeof alg !== 'string' || !algorithms.includes(alg))) continue;
    const key = tryImport(jwk);
    if (key !== undefined) keys.set(typeof kid === 'string' ? kid : '', { key, algorithm: alg });
  }
  return keys;
}

/** RFC 7517 §4.2 and §4.3: what its owner wants a key used for. What cannot be read forbids it. */
function mayVerify({ use, key_ops: operations }: Record<string, unknown>): boolean {
  if (use !== undefined && use !== 'sig') return false;
  return operations === undefined || (Array.isArray(operations) && operations.includes('verify'));
}

function tryImport(jwk: Record<string, unknown>): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    return undefined;
  }
}
