import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

import type { PublicJwk } from './public-jwk.js';
import type { SigningAlgorithm } from './signing-algorithm.js';

const modulusBits = 2_048;

/** A new key pair; the work is done outside the event loop. */
export async function makeKeyPair(
  keyId: string,
  algorithm: SigningAlgorithm,
): Promise<{ publicJwk: PublicJwk; privatePem: string }> {
  const { publicKey, privateKey } = await generate[algorithm]();
  return {
    publicJwk: describe[algorithm](publicKey, { kid: keyId, use: 'sig' }),
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const generate = {
  RS256: () => promisify(generateKeyPair)('rsa', { modulusLength: modulusBits }),
  ES256: () => promisify(generateKeyPair)('ec', { namedCurve: 'P-256' }),
  EdDSA: () => promisify(generateKeyPair)('ed25519'),
} as const;

type Name = Pick<PublicJwk, 'kid' | 'use'>;

const describe: Record<SigningAlgorithm, (key: KeyObject, name: Name) => PublicJwk> = {
  RS256(key, name) {
    const { n = '', e = '' } = key.export({ format: 'jwk' });
    return { kty: 'RSA', n, e, alg: 'RS256', ...name };
  },
  ES256(key, name) {
    const { x = '', y = '' } = key.export({ format: 'jwk' });
    return { kty: 'EC', crv: 'P-256', x, y, alg: 'ES256', ...name };
  },
  EdDSA(key, name) {
    const { x = '' } = key.export({ format: 'jwk' });
    return { kty: 'OKP', crv: 'Ed25519', x, alg: 'EdDSA', ...name };
  },
};
