import { z } from 'zod';

import { roleName } from '../roles/tenant-role.schema.js';

export const ChangeMember = z.strictObject({ role: roleName }).meta({ id: 'ChangeTenantMember' });
export type ChangeMember = z.output<typeof ChangeMember>;
