import { z } from 'zod';

import { roleName } from '../roles/tenant-role.schema.js';
import { email, username } from '../users/user.schema.js';

/** Names an existing user, by one of the two names that they log in with. */
export const CreateInvitation = z
  .strictObject({
    username: username.optional(),
    email: email.optional(),
    role: roleName.default('member'),
  })
  .refine(({ username, email }) => (username === undefined) !== (email === undefined), {
    path: ['username'],
    message: 'Give either username or email',
  })
  .meta({ id: 'CreateInvitation', examples: [{ username: 'bob', role: 'member' }] });
export type CreateInvitation = z.output<typeof CreateInvitation>;
