import { Listing } from '@libs/persistence';

import type { Tenant } from '../tenants/tenant.entity.js';
import { tenantStatuses } from '../tenants/tenant.schema.js';

export const ownTenantListing = new Listing<Tenant>({
  defaultOrder: 'createdAt',
  orderable: ['name', 'createdAt', 'updatedAt'],
  filterable: { name: 'text', status: tenantStatuses, createdAt: 'time', updatedAt: 'time' },
  size: { few: 'those of one person' },
});
