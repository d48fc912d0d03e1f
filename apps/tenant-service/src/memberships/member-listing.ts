import { Listing } from '@libs/persistence';

import type { Membership } from './membership.entity.js';

export const memberListing = new Listing<Membership>({
  defaultOrder: 'createdAt',
  orderable: ['role', 'createdAt', 'updatedAt'],
  filterable: { role: 'text', userId: 'id', createdAt: 'time', updatedAt: 'time' },
  size: {
    scope: ['tenantId'],
    walks: ['role', 'createdAt', 'updatedAt'],
    finds: ['userId'],
    named: { userId: 'uq_memberships_tenantId_userId' },
  },
});
