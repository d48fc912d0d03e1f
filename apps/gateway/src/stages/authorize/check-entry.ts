import { Refusal } from '@libs/errors';
import { covers, type Identity } from '@libs/trusted-headers';

import type { AccessConfig } from '../../configuration/schema/route.schema.js';

/**
 * The coarse rules of a route; the finer ones are the service's. Which role was missing is not told. `granted` are the
 * scopes of the credentials themselves: none of them are none, whoever issued them. Undefined: a session of the
 * platform's own, which may do what its user may.
 */
export function checkEntry(
  { roles, scopes }: AccessConfig,
  identity: Identity,
  granted: readonly string[] | undefined,
): void {
  if (roles.length > 0 && !roles.some((role) => identity.roles.includes(role))) {
    throw new Refusal('ACCESS_DENIED', { internal: `none of the roles ${roles.join(', ')}` });
  }
  if (scopes.length === 0) return;
  // For a role of the tenant's own its permissions stand in the place of the scopes, and narrow a session as well.
  const limits = [granted, identity.scopes.length > 0 ? identity.scopes : undefined];
  const absent = scopes.filter((scope) => limits.some((limit) => limit !== undefined && !covers(limit, scope)));
  if (absent.length > 0) throw new Refusal('ACCESS_DENIED', { internal: `without the scopes ${absent.join(', ')}` });
}
