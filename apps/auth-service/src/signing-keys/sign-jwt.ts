import { type KeyObject, sign, type SignKeyObjectInput } from 'node:crypto';
import { promisify } from 'node:util';

import type { SigningAlgorithm } from './signing-algorithm.js';

export interface JwtKey {
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  readonly privateKey: KeyObject;
}

const signInThreadPool = promisify<string | null, Buffer, SignKeyObjectInput, Buffer>(sign);

/** A compact JWS (RFC 7515) of the claims. RSA signing takes about a millisecond: not on the event loop. */
export async function signJwt(key: JwtKey, type: string, claims: Readonly<Record<string, unknown>>): Promise<string> {
  const input = `${encode({ alg: key.algorithm, typ: type, kid: key.id })}.${encode(claims)}`;
  // RFC 7518 §3.4 wants r and s side by side; the others take no notice.
  const signer = { key: key.privateKey, dsaEncoding: 'ieee-p1363' } as const;
  const signature = await signInThreadPool(hashes[key.algorithm], Buffer.from(input), signer);
  return `${input}.${signature.toString('base64url')}`;
}

/** Ed25519 brings its own hash. */
const hashes: Readonly<Record<SigningAlgorithm, string | null>> = { RS256: 'SHA256', ES256: 'SHA256', EdDSA: null };

const encode = (part: Readonly<Record<string, unknown>>): string =>
  Buffer.from(JSON.stringify(part)).toString('base64url');
