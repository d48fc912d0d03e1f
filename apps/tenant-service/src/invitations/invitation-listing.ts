import { Listing, type ListingOptions } from '@libs/persistence';

import type { Invitation } from '../open-invitations/invitation.entity.js';
import { invitationStatuses } from '../open-invitations/invitation.entity.js';

/** What nobody has answered in time is over, and is not shown any more. Of the alias `invitation`. */
export const openOrAnswered = "(invitation.status <> 'pending' OR invitation.createdAt > :sentLongAgo)";

const fields: Omit<ListingOptions, 'size'> = {
  defaultOrder: 'createdAt desc',
  orderable: ['createdAt', 'updatedAt'],
  filterable: { status: invitationStatuses, role: 'text', createdAt: 'time', updatedAt: 'time' },
};

export const invitationListing = new Listing<Invitation>({
  ...fields,
  size: { scope: ['tenantId'], walks: ['createdAt', 'updatedAt'] },
});

export const ownInvitationListing = new Listing<Invitation>({ ...fields, size: { few: 'those of one person' } });
