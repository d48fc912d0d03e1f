import { Listing } from '@libs/persistence';

import type { Membership } from './membership.entity.js';
import { memberRoles } from './roles.js';

export const memberListing = new Listing<Membership>({
  defaultOrder: 'createdAt',
  orderable: ['role', 'createdAt', 'updatedAt'],
  filterable: { role: memberRoles, userId: 'id', createdAt: 'time', updatedAt: 'time' },
});
