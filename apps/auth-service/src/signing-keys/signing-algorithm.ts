/** What tokens can be signed with; EdDSA stands for Ed25519 (RFC 8037). */
export type SigningAlgorithm = 'RS256' | 'ES256' | 'EdDSA';
