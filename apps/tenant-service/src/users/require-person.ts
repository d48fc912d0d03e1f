import { Refusal } from '@libs/errors';
import type { Identity } from '@libs/trusted-headers';

/**
 * What is about a person, and not about one tenant, is in the hands of who logged in: an API key is for one tenant, and one
 * that has leaked must not move its owner's address or enter tenants in their name.
 */
export function requirePerson({ authMethod }: Identity): void {
  if (authMethod !== 'api-key') return;
  throw new Refusal('ACCESS_DENIED', { detail: 'This needs a session: log in, an API key is not enough.' });
}
