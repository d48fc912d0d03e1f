interface NamedKey {
  readonly kid: string;
  readonly use: 'sig';
}

interface RsaJwk extends NamedKey {
  readonly kty: 'RSA';
  readonly alg: 'RS256';
  readonly n: string;
  readonly e: string;
}

interface EcJwk extends NamedKey {
  readonly kty: 'EC';
  readonly alg: 'ES256';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

interface EdwardsJwk extends NamedKey {
  readonly kty: 'OKP';
  readonly alg: 'EdDSA';
  readonly crv: 'Ed25519';
  readonly x: string;
}

/** A public key as RFC 7517 writes it, and nothing that is private. */
export type PublicJwk = RsaJwk | EcJwk | EdwardsJwk;

/** RFC 7517 §5. */
export interface JwkSet {
  readonly keys: readonly PublicJwk[];
}
