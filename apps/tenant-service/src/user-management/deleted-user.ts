import type { EntityManager } from 'typeorm';

import { Refusal } from '@libs/errors';

import { User } from '../users/user.entity.js';

/** Of whom nothing else finds the row. */
export async function deletedUser(manager: EntityManager, id: string): Promise<User> {
  const user = await manager.findOne(User, { where: { id }, withDeleted: true });
  if (user === null) throw new Refusal('RESOURCE_NOT_FOUND');
  if (user.deletedAt === null) throw new Refusal('RESOURCE_CONFLICT', { detail: 'Delete the user first.' });
  return user;
}
