import { z } from 'zod';

import { MailInvitationView } from '../mail-invitations/mail-invitation.schema.js';
import { InvitationView } from './invitation-view.js';

/** By user name it is an invitation to a user, by e-mail one to whoever reads the message. */
export const NewInvitation = z.union([InvitationView, MailInvitationView]).meta({ id: 'NewInvitation' });
export type NewInvitation = z.infer<typeof NewInvitation>;
