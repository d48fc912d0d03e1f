import { Listing } from '@libs/persistence';

import { importStates, type UserImport } from './user-import.entity.js';

export const userImportListing = new Listing<UserImport>({
  defaultOrder: 'createdAt desc',
  orderable: ['createdAt'],
  filterable: { state: importStates, requestedBy: 'text', createdAt: 'time' },
  size: { scope: [], walks: ['createdAt'] },
});
