import { Refusal } from '@libs/errors';
import type { Identity } from '@libs/trusted-headers';

/**
 * The session that a request came with. Sessions and keys of an account are in the hands of who logged in:
 * a leaked API key must not be able to make itself a successor or to lock its owner out.
 */
export function requireSession(identity: Identity): string {
  if (identity.authMethod === 'jwt' && identity.sessionId !== '') return identity.sessionId;
  throw new Refusal('ACCESS_DENIED', { detail: 'This needs a session: log in, an API key is not enough.' });
}
