import { Listing } from '@libs/persistence';

import type { Invitation } from './invitation.entity.js';
import { invitationStatuses } from './invitation.schema.js';

export const invitationListing = new Listing<Invitation>({
  defaultOrder: 'createdAt desc',
  orderable: ['createdAt', 'updatedAt'],
  filterable: { status: invitationStatuses, role: 'text', createdAt: 'time', updatedAt: 'time' },
});
