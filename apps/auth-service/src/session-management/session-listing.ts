import { Listing } from '@libs/persistence';

import type { Session } from '../sessions/session.entity.js';

export const sessionListing = new Listing<Session>({
  defaultOrder: 'createdAt desc',
  orderable: ['createdAt', 'lastUsedAt'],
  filterable: { tenantId: 'id', clientAddress: 'text', userAgent: 'text', createdAt: 'time', lastUsedAt: 'time' },
  size: { few: 'those of one person that live' },
});
