import { Refusal } from '@libs/errors';

import type { AccessRule } from './access.js';
import type { Identity } from './identity.js';
import { permits } from './permissions.js';
import { isPerson } from './person.js';

const worksInTenant = ({ userId, tenantId }: Identity): boolean => userId !== '' && tenantId !== '';

const fits = (identity: Identity, rule: AccessRule): boolean => {
  if (rule === 'anyone' || rule === 'unsealed') return true;
  if (!identity.active) return false;
  if (rule === 'user') return worksInTenant(identity);
  if (rule === 'person') return isPerson(identity);
  if (rule === 'service') return identity.authMethod === 'service';
  if ('permission' in rule) return worksInTenant(identity) && permits(identity, rule.permission);
  return identity.roles.some((role) => rule.roles.includes(role));
};

/** Throws unless one of the rules fits; without any rule, always. */
export function checkAccess(identity: Identity, rules: readonly AccessRule[]): void {
  if (rules.some((rule) => fits(identity, rule))) return;
  if (rules.length === 0) throw new Refusal('ACCESS_DENIED', { internal: 'the handler has no @Access' });
  if (identity.authMethod === 'none') throw new Refusal('AUTH_CREDENTIALS_MISSING');
  if (!identity.active) throw new Refusal('ACCESS_USER_INACTIVE');
  const isKey = identity.authMethod === 'api-key' && rules.every((rule) => rule === 'person');
  throw new Refusal(
    'ACCESS_DENIED',
    isKey ? { detail: 'This needs a session: log in, an API key is not enough.' } : {},
  );
}
