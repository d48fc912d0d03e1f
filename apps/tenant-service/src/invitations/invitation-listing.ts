import { Listing } from '@libs/persistence';

import { memberRoles } from '../memberships/roles.js';
import type { Invitation } from './invitation.entity.js';
import { invitationStatuses } from './invitation.schema.js';

export const invitationListing = new Listing<Invitation>({
  defaultOrder: 'createdAt desc',
  orderable: ['createdAt', 'updatedAt'],
  filterable: { status: invitationStatuses, role: memberRoles, createdAt: 'time', updatedAt: 'time' },
});
