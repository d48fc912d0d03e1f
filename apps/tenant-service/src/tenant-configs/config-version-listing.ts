import { Listing } from '@libs/persistence';

import type { TenantConfigVersion } from './config-version.entity.js';

export const configVersionListing = new Listing<TenantConfigVersion>({
  defaultOrder: 'number desc',
  orderable: ['number', 'createdAt'],
  filterable: { number: 'number', actor: 'text', createdAt: 'time' },
  size: {
    scope: ['tenantId', 'configKey'],
    walks: ['number'],
    named: { number: 'uq_tenant_config_versions_tenantId_configKey_number' },
  },
});
