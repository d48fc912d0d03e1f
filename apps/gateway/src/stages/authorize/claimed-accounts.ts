import { Refusal } from '@libs/errors';
import type { Identity } from '@libs/trusted-headers';

import { Accounts } from './accounts.js';

/** Without an account service whoever has good credentials is active, in the one tenant that these name. */
export class ClaimedAccounts extends Accounts {
  resolve(identity: Identity, tenantId: string): Identity {
    if (tenantId !== identity.tenantId) throw new Refusal('ACCESS_TENANT_DENIED');
    return { ...identity, active: true };
  }
}
