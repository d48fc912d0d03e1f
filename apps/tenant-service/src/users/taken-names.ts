import { type EntityManager, Not } from 'typeorm';

import { Refusal } from '@libs/errors';

import { User } from './user.entity.js';

/** Names that compare equal have the same key. */
export const nameKey = (name: string): string => name.toLowerCase();

interface Names {
  readonly username?: string | undefined;
  readonly email?: string | undefined;
}

/** Tells of both names at once, and counts the names of deleted users too. `id` is the user who may have them. */
export async function refuseTakenNames(manager: EntityManager, id: string, names: Names): Promise<void> {
  const errors = [];
  for (const field of ['username', 'email'] as const) {
    const name = names[field];
    if (name === undefined) continue;
    const where = { [`${field}Key`]: nameKey(name), id: Not(id) };
    if (!(await manager.exists(User, { where, withDeleted: true }))) continue;
    errors.push({ field, code: 'TAKEN', message: 'Somebody else has it' });
  }
  if (errors.length > 0) throw new Refusal('RESOURCE_NAME_TAKEN', { errors });
}
