import { Listing } from '@libs/persistence';

import type { ApiKey } from './api-key.entity.js';

export const apiKeyListing = new Listing<ApiKey>({
  defaultOrder: 'createdAt desc',
  orderable: ['name', 'createdAt'],
  filterable: { name: 'text', createdAt: 'time', expiresAt: 'time' },
  size: { few: 'those of one person in one tenant' },
});
