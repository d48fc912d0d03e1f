import { Strategy } from 'passport-jwt';

import type { IssuerConfig } from '../../../configuration/schema/authentication.schema.js';
import { rejected } from '../credentials/challenge.js';
import type { CompactJws } from './compact-jws.js';
import type { PublicKey } from '../issuers/key-source.js';
import { isSignedBy } from './verify-signature.js';

/** A token whose words are in order, and the key that must have signed it. */
interface Verification {
  readonly jws: CompactJws;
  readonly publicKey: PublicKey;
}

/** Passport's types know keys as text only; it hands on whatever it is given. */
export const asPassportKey = (verification: Verification): string => verification as unknown as string;

type JwtVerifier = (
  token: string,
  verification: Verification,
  options: unknown,
  done: (error: Error | null, claims?: CompactJws['claims']) => void,
) => void;

/**
 * Puts our verifier in the place of the `jsonwebtoken` package, which knows no EdDSA, takes the last of two equal names,
 * and base64 in any spelling. Passport-jwt has one verifier for the process.
 */
export function useOurJwtVerifier(): void {
  (Strategy as unknown as { JwtVerifier: JwtVerifier }).JwtVerifier = verifyJwt;
}

const verifyJwt: JwtVerifier = (_token, { jws, publicKey }, _options, done) => {
  // That it is one of the issuer's was checked before the key was looked for.
  const algorithm = jws.header['alg'] as IssuerConfig['algorithms'][number];
  const isItsKey = publicKey.algorithm === undefined || publicKey.algorithm === algorithm;
  if (isItsKey && isSignedBy(publicKey.key, algorithm, jws.input, jws.signature)) done(null, jws.claims);
  else done(rejected('the signature is wrong'));
};
