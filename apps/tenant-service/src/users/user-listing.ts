import { Listing, type ListingOptions } from '@libs/persistence';

import type { User } from './user.entity.js';
import { userStatuses } from './user.schema.js';

const fields: Omit<ListingOptions, 'size'> = {
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
};

export const userListing = new Listing<User>({
  ...fields,
  size: { scope: ['deletedAt'], walks: ['username', 'email', 'createdAt', 'updatedAt'] },
});

/** Those who are deleted, too. */
export const everyUserListing = new Listing<User>({ ...fields, size: { scope: [], walks: ['createdAt'] } });
