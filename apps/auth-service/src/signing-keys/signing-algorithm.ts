/**
 * What tokens can be signed with. EdDSA is left out: the gateway's JWT library cannot verify it, and keys that no
 * gateway can use would log everybody out.
 */
export type SigningAlgorithm = 'RS256' | 'ES256';
