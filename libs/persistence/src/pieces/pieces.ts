import type { EntityManager, EntityTarget, FindOptionsWhere, ObjectLiteral, QueryDeepPartialEntity } from 'typeorm';
import { In } from 'typeorm';

import type { Database } from '../database/database.js';

/** So few that a statement is far from the time after which the server ends it, and nobody waits long for a lock. */
export const rowsOfPiece = 1_000;

/** Whether something may be left after a piece of work. */
export type Piece = 'more' | 'done';

/**
 * Runs work that may have more rows than one transaction should: each piece in a transaction of its own, until one finds
 * that nothing is left. A piece finds its rows by what is still there, so that whoever was killed goes on from there.
 */
export async function inPieces(database: Database, piece: (manager: EntityManager) => Promise<Piece>): Promise<void> {
  while ((await database.transaction(piece)) === 'more');
}

export const deleteInPieces = <E extends ObjectLiteral>(
  database: Database,
  entity: EntityTarget<E>,
  where: FindOptionsWhere<E>,
  most = rowsOfPiece,
): Promise<void> =>
  inPieces(database, async (manager) => ((await deletePiece(manager, entity, where, most)) === most ? 'more' : 'done'));

/** Deletes some of the rows for good; answers how many, and `most` where there may be more. */
export async function deletePiece<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  where: FindOptionsWhere<E>,
  most = rowsOfPiece,
): Promise<number> {
  const ids = await someIds(manager, entity, where, most);
  if (ids.length > 0) await manager.delete(entity, among(manager, entity, where, ids));
  // Those that somebody else has deleted meanwhile are gone as well.
  return ids.length;
}

/** Changes some of the rows, so that they are no longer among them; answers how many were found, and were changed. */
export async function updatePiece<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  where: FindOptionsWhere<E>,
  change: QueryDeepPartialEntity<E>,
  most = rowsOfPiece,
): Promise<{ readonly found: number; readonly changed: number }> {
  const ids = await someIds(manager, entity, where, most);
  if (ids.length === 0) return { found: 0, changed: 0 };
  const { affected } = await manager.update(entity, among(manager, entity, where, ids), change);
  return { found: ids.length, changed: affected ?? 0 };
}

/** Soft deletion hides rows from a read, and not from a `delete`: both are to mean the same rows. */
async function someIds<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  where: FindOptionsWhere<E>,
  most: number,
): Promise<unknown[]> {
  const key = keyOf(manager, entity);
  const rows = await manager
    .createQueryBuilder(entity, 'piece')
    .select(`piece.${key}`, 'id')
    .withDeleted()
    .where(where)
    .limit(most)
    .getRawMany<{ id: unknown }>();
  return rows.map(({ id }) => id);
}

const among = <E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  where: FindOptionsWhere<E>,
  ids: unknown[],
): FindOptionsWhere<E> => ({ ...where, [keyOf(manager, entity)]: In(ids) });

function keyOf<E extends ObjectLiteral>(manager: EntityManager, entity: EntityTarget<E>): string {
  const { primaryColumns, name } = manager.dataSource.getMetadata(entity);
  const [key] = primaryColumns;
  if (key === undefined || primaryColumns.length !== 1) throw new Error(`${name} has no key of one column.`);
  return key.propertyName;
}
