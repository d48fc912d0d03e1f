import type { Identity } from './identity.js';
import { isOwnRole } from './permissions.js';

type Caller = Pick<Identity, 'userId' | 'roles' | 'scopes' | 'authMethod'>;

/**
 * Whether the scopes are a limit on what the role allows: those of an API key, and of a token that was cut down to some.
 * Under a role of the tenant's own they are what the role allows.
 */
const isNarrowed = ({ roles, scopes }: Caller): boolean => scopes.length > 0 && !roles.some(isOwnRole);

/**
 * Whether the caller is somebody who has logged in, and so has a say about themselves. A key is for one tenant and for
 * what its scopes say: one that has leaked must not read or move its owner's address, nor leave or enter tenants for them.
 */
export const isPerson = (caller: Caller): boolean =>
  caller.authMethod === 'jwt' && caller.userId !== '' && !isNarrowed(caller);
