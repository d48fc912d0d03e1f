import { type EntityManager, Not } from 'typeorm';

import { User } from './user.entity.js';

/** Whether the owner has read what was sent to the address that the user has now. */
export const isEmailVerified = ({ emailKey, verifiedEmailKey }: Pick<User, 'emailKey' | 'verifiedEmailKey'>): boolean =>
  verifiedEmailKey !== null && verifiedEmailKey !== undefined && verifiedEmailKey === emailKey;

/** Whether an address is kept for its holder: nobody gets it by entering it. */
export const keepsAddress = (holder: User): boolean => isEmailVerified(holder) || holder.status === 'invited';

/**
 * Whether operators are told of the holder, instead of taking the address away: one of them has named it for somebody
 * already. What somebody has merely entered keeps no reader from it.
 */
export const isToldToOperators = (holder: User): boolean => keepsAddress(holder) || holder.origin === 'operator';

/** Who but that user is found by an address. A deleted user keeps theirs until they are purged: they may be restored. */
export const otherHolder = (manager: EntityManager, userId: string, emailKey: string): Promise<User | null> =>
  manager.findOne(User, { where: { emailKey, id: Not(userId) }, withDeleted: true });
