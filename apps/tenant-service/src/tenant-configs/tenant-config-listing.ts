import { Listing } from '@libs/persistence';

import type { TenantConfig } from './tenant-config.entity.js';

export const tenantConfigListing = new Listing<TenantConfig>({
  defaultOrder: 'createdAt',
  orderable: ['createdAt', 'updatedAt'],
  filterable: { createdAt: 'time', updatedAt: 'time' },
  size: { few: 'operators set each' },
});
