import { type EntityManager, Not } from 'typeorm';

import { Refusal } from '@libs/errors';

import { isToldToOperators, otherHolder } from './email-holder.js';
import { User } from './user.entity.js';

/** Names that compare equal have the same key. */
export const nameKey = (name: string): string => name.toLowerCase();

interface Names {
  readonly username?: string | undefined;
  readonly email?: string | undefined;
}

/**
 * Tells of both names at once, and counts the names of deleted users too. `id` is the user who may have them. An address
 * that somebody has merely entered is nobody's.
 */
export async function refuseTakenNames(manager: EntityManager, id: string, names: Names): Promise<void> {
  const errors = [];
  for (const field of ['username', 'email'] as const) {
    const name = names[field];
    if (name === undefined || !(await isTaken[field](manager, id, nameKey(name)))) continue;
    errors.push({ field, code: 'TAKEN', message: 'Somebody else has it' });
  }
  if (errors.length > 0) throw new Refusal('RESOURCE_NAME_TAKEN', { errors });
}

const isTaken = {
  username: (manager: EntityManager, id: string, usernameKey: string): Promise<boolean> =>
    manager.exists(User, { where: { usernameKey, id: Not(id) }, withDeleted: true }),
  email: async (manager: EntityManager, id: string, emailKey: string): Promise<boolean> => {
    const holder = await otherHolder(manager, id, emailKey);
    return holder !== null && isToldToOperators(holder);
  },
};
