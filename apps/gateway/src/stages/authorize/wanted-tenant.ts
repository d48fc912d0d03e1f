import { Refusal } from '@libs/errors';
import type { Identity } from '@libs/trusted-headers';

/** What no id of ours or of anybody else's is longer than; a comma means that the header was sent twice. */
const tenantId = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/** The tenant that the request is about: the one that the caller chooses, else that of the credentials. */
export function wantedTenant(identity: Identity, header: string | readonly string[] | undefined): string {
  if (header === undefined) return identity.tenantId;
  if (typeof header !== 'string' || !tenantId.test(header)) {
    throw new Refusal('REQUEST_HEADER_INVALID', {
      errors: [{ field: 'X-Tenant-Id', code: 'INVALID', message: 'Send the id of one tenant.' }],
    });
  }
  // An API key was made for one tenant, whatever else its owner may do.
  if (identity.authMethod === 'api-key' && header !== identity.tenantId) {
    throw new Refusal('ACCESS_TENANT_DENIED', { internal: 'the API key is for another tenant' });
  }
  return header;
}
