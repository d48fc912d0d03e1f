import type { AuthSettings } from '../settings/settings.js';

export interface RelyingParty {
  readonly id: string;
  readonly name: string;
  readonly origins: readonly string[];
}

/** Passkeys are bound to a domain. Unless it is said, it is that of the issuer. */
export const relyingParty = ({
  issuer,
  passkeyDomain,
  passkeyOrigins,
}: Pick<AuthSettings, 'issuer' | 'passkeyDomain' | 'passkeyOrigins'>): RelyingParty => ({
  id: passkeyDomain ?? new URL(issuer).hostname,
  name: 'Gatehouse',
  origins: passkeyOrigins ?? [new URL(issuer).origin],
});
