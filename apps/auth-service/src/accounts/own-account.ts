import { Refusal } from '@libs/errors';
import type { User } from '@libs/grpc';

import type { AccountDirectory } from './account-directory.js';

/** The user of a request that the gateway has let in. */
export async function ownUser(accounts: AccountDirectory, userId: string): Promise<User> {
  const account = await accounts.find(userId);
  if (account === undefined) throw new Refusal('RESOURCE_NOT_FOUND', { internal: 'the user is gone' });
  return account.user;
}
