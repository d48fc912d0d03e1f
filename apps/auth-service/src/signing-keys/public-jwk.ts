/** A public RSA key as RFC 7517 writes it, and nothing that is private. */
export interface PublicJwk {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'RS256';
}

/** RFC 7517 §5. */
export interface JwkSet {
  readonly keys: readonly PublicJwk[];
}
