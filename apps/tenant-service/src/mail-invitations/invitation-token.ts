import { createHash } from 'node:crypto';

import type { InvitationEnds } from '../open-invitations/invitation-ends.js';
import type { MailInvitation } from '../open-invitations/mail-invitation.entity.js';

/** What the table has of a token. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('base64url');

export const isStillGood = async (ends: InvitationEnds, invitation: MailInvitation): Promise<boolean> =>
  invitation.expiresAt.getTime() > Date.now() && (await ends.isGood(invitation));
