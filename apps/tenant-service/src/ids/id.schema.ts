import { z } from 'zod';

/** Ids are stored in lower case; a client may spell a UUID as it likes (RFC 9562 §4). */
export const Id = z.uuid().toLowerCase();

export const IdField = z.object({ id: Id });
export const TenantIdField = z.object({ tenantId: Id });
