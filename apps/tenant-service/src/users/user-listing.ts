import { Listing } from '@libs/persistence';

import type { User } from './user.entity.js';
import { userStatuses } from './user.schema.js';

export const userListing = new Listing<User>({
  defaultOrder: 'createdAt desc',
  orderable: ['username', 'email', 'createdAt', 'updatedAt'],
  filterable: {
    username: 'text',
    email: 'text',
    displayName: 'text',
    status: userStatuses,
    createdAt: 'time',
    updatedAt: 'time',
  },
});
