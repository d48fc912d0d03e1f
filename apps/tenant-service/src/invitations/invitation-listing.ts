import { Listing } from '@libs/persistence';

import type { Invitation } from './invitation.entity.js';
import { invitationStatuses } from './invitation.schema.js';

/** What nobody has answered in time is over, and is not shown any more. Of the alias `invitation`. */
export const openOrAnswered = "(invitation.status <> 'pending' OR invitation.createdAt > :sentLongAgo)";

export const invitationListing = new Listing<Invitation>({
  defaultOrder: 'createdAt desc',
  orderable: ['createdAt', 'updatedAt'],
  filterable: { status: invitationStatuses, role: 'text', createdAt: 'time', updatedAt: 'time' },
});
