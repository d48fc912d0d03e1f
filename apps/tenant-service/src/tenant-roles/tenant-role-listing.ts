import { Listing } from '@libs/persistence';

import type { TenantRole } from '../roles/tenant-role.entity.js';

export const tenantRoleListing = new Listing<TenantRole>({
  defaultOrder: 'name',
  orderable: ['name', 'createdAt', 'updatedAt'],
  filterable: { name: 'text', createdAt: 'time', updatedAt: 'time' },
  size: { few: 'a tenant has at most 100' },
});
