import { Refusal } from '@libs/errors';
import { type Identity, permits } from '@libs/trusted-headers';

/** Nobody can give a key what they may not do themselves: a key must be no way to a stronger role. */
export function requireOwnScopes(identity: Identity, scopes: readonly string[] = []): void {
  const foreign = scopes.filter((scope) => !permits(identity, scope));
  if (foreign.length === 0) return;
  throw new Refusal('ACCESS_DENIED', {
    detail: 'An API key may do no more than who makes it.',
    internal: `without the permissions ${foreign.join(', ')}`,
  });
}
