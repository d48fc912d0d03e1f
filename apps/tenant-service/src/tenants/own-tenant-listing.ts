import { Listing } from '@libs/persistence';

import type { Tenant } from './tenant.entity.js';
import { tenantStatuses } from './tenant.schema.js';

export const ownTenantListing = new Listing<Tenant>({
  defaultOrder: 'createdAt',
  orderable: ['name', 'createdAt', 'updatedAt'],
  filterable: { name: 'text', status: tenantStatuses, createdAt: 'time', updatedAt: 'time' },
  size: { few: 'those of one person' },
});
