import { constants, type KeyObject, verify, type VerifyKeyObjectInput } from 'node:crypto';

import type { IssuerConfig } from '../../../configuration/schema/authentication.schema.js';

type Algorithm = IssuerConfig['algorithms'][number];

interface Scheme {
  /** Whether this is a key for it: a key is used with its own kind of signature only (RFC 8725 §3.1). */
  readonly takes: (key: KeyObject) => boolean;
  /** Null where the signature brings its own. */
  readonly hash: string | null;
  readonly options?: Omit<VerifyKeyObjectInput, 'key'>;
  /** Of the signature: OpenSSL also takes one of RSA without its leading zeros, and a token must have one spelling. */
  readonly bytes: (key: KeyObject) => number;
}

/** RFC 7518 §3.3: shorter ones may not be used. */
const minModulusBits = 2_048;

const isRsa = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean =>
  asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= minModulusBits;

/** RFC 8017 §8.1.2 and §8.2.2: as long as the modulus. */
const bytesOfModulus = ({ asymmetricKeyDetails }: KeyObject): number =>
  Math.ceil((asymmetricKeyDetails?.modulusLength ?? 0) / 8);

const pkcs1 = (hash: string): Scheme => ({ takes: isRsa, hash, bytes: bytesOfModulus });

const pss = (hash: string): Scheme => ({
  takes: isRsa,
  hash,
  options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
  bytes: bytesOfModulus,
});

/** RFC 7518 §3.4: r and s side by side, each as long as the curve; never the DER that TLS writes. */
const ecdsa = (hash: string, curve: string, bytes: number): Scheme => ({
  takes: ({ asymmetricKeyType, asymmetricKeyDetails }) =>
    asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === curve,
  hash,
  options: { dsaEncoding: 'ieee-p1363' },
  bytes: () => bytes,
});

const schemes: Readonly<Record<Algorithm, Scheme>> = {
  RS256: pkcs1('sha256'),
  RS384: pkcs1('sha384'),
  RS512: pkcs1('sha512'),
  PS256: pss('sha256'),
  PS384: pss('sha384'),
  PS512: pss('sha512'),
  ES256: ecdsa('sha256', 'prime256v1', 64),
  ES384: ecdsa('sha384', 'secp384r1', 96),
  ES512: ecdsa('sha512', 'secp521r1', 132),
  EdDSA: { takes: ({ asymmetricKeyType }) => asymmetricKeyType === 'ed25519', hash: null, bytes: () => 64 },
};

/** False for a wrong signature, and for a key of another kind than the algorithm needs. */
export function isSignedBy(key: KeyObject, algorithm: Algorithm, input: string, signature: Buffer): boolean {
  const { takes, hash, options, bytes } = schemes[algorithm];
  if (!takes(key) || signature.length !== bytes(key)) return false;
  return verify(hash, Buffer.from(input), { key, ...options }, signature);
}
