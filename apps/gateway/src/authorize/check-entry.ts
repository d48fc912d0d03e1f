import { Refusal } from '@libs/errors';
import { covers, type Identity } from '@libs/trusted-headers';

import type { AccessConfig } from '../configuration/route.schema.js';

/** The coarse rules of a route; the finer ones are the service's. Which role was missing is not told. */
export function checkEntry({ roles, scopes }: AccessConfig, identity: Identity): void {
  if (roles.length > 0 && !roles.some((role) => identity.roles.includes(role))) {
    throw new Refusal('ACCESS_DENIED', { internal: `none of the roles ${roles.join(', ')}` });
  }
  // A session may do what its user may; an API key, and a token that was cut down to scopes, no more than these.
  const isScoped = identity.authMethod === 'api-key' || identity.scopes.length > 0;
  const absent = isScoped ? scopes.filter((scope) => !covers(identity.scopes, scope)) : [];
  if (absent.length > 0) throw new Refusal('ACCESS_DENIED', { internal: `without the scopes ${absent.join(', ')}` });
}
