import { z } from 'zod';

import { MailTokenText } from '../mail-tokens/mail-token.js';
import { Register } from '../registrations/registration.schema.js';

const { username, password, displayName, tenantName } = Register.shape;

export const AcceptInvitation = z
  .strictObject({ token: MailTokenText, username, password, displayName, tenantName })
  .meta({ id: 'RegisterByInvitation' });
export type AcceptInvitation = z.infer<typeof AcceptInvitation>;
