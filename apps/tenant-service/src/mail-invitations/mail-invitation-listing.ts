import { Listing } from '@libs/persistence';

import type { MailInvitation } from '../open-invitations/mail-invitation.entity.js';

export const mailInvitationListing = new Listing<MailInvitation>({
  defaultOrder: 'createdAt desc',
  orderable: ['email', 'createdAt', 'expiresAt'],
  filterable: { email: 'text', role: 'text', createdAt: 'time', expiresAt: 'time' },
  size: { scope: ['tenantId'], walks: ['email', 'createdAt', 'expiresAt'] },
});
