import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

import type { PublicJwk } from './public-jwk.js';

const modulusBits = 2_048;

/** A new RS256 key pair; the work is done outside the event loop. */
export async function makeKeyPair(keyId: string): Promise<{ publicJwk: PublicJwk; privatePem: string }> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: modulusBits });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  return {
    publicJwk: { kty: 'RSA', n, e, kid: keyId, use: 'sig', alg: 'RS256' },
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
