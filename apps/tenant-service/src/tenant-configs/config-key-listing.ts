import { Listing } from '@libs/persistence';

import type { ConfigKeyDefinition } from './config-key.entity.js';

export const configKeyListing = new Listing<ConfigKeyDefinition>({
  defaultOrder: 'configKey',
  orderable: ['configKey', 'createdAt', 'updatedAt'],
  filterable: { configKey: 'text', description: 'text' },
  size: { few: 'operators define each' },
});
