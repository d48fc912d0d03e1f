import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';

import { asLongRead } from '../database/long-reads.js';
import type { Narrowing } from './list-fields.js';
import { ListedRows } from './listed-rows.js';
import { rowsOfReach } from './reach.js';

export interface Count {
  readonly count: number;
  /** Whether there are more, which nobody has counted. */
  readonly atLeast: boolean;
}

export interface Counts<V extends string> {
  readonly counts: ReadonlyMap<V, number>;
  /** Whether there are more, which nobody has counted. */
  readonly atLeast: boolean;
}

/** How many rows a query finds, counted as far as `most`: nobody waits for a million to be counted. */
export async function countUpTo<E extends ObjectLiteral>(
  manager: EntityManager,
  query: SelectQueryBuilder<E>,
  most = rowsOfReach,
): Promise<Count> {
  const some = query
    .clone()
    .select(`${query.alias}.id`, 'id')
    .limit(most + 1);
  const [sql, parameters] = some.getQueryAndParameters();
  const [row] = await manager.query<{ count: number | string }[]>(
    `SELECT COUNT(*) AS count FROM (${sql}) counted`,
    parameters,
  );
  const found = Number(row?.count);
  return { count: Math.min(found, most), atLeast: found > most };
}

/**
 * How many rows have each value, in the order of the values and without those that none has. Each is counted by itself, by
 * an index that begins with the scope and the field; those that the caller is narrowed to are counted together.
 */
export async function countBy<E extends ObjectLiteral, V extends string>(
  manager: EntityManager,
  scope: SelectQueryBuilder<E>,
  field: string,
  values: readonly V[],
  narrowing?: Narrowing,
  most = rowsOfReach,
): Promise<Counts<V>> {
  const column = `${scope.alias}.${field}`;
  const some =
    narrowing === undefined
      ? values.map((value, at) => scope.clone().andWhere(`${column} = :counted${at}`, { [`counted${at}`]: value }))
      : [new ListedRows(scope, [], undefined, [], narrowing).narrowed()];
  const parts = some.map((query) =>
    query
      .select(column, 'value')
      .limit(most + 1)
      .getQueryAndParameters(),
  );
  const read = () =>
    manager.query<{ value: V; count: number | string }[]>(
      parts
        .map(([sql]) => `SELECT counted.value AS value, COUNT(*) AS count FROM (${sql}) counted GROUP BY counted.value`)
        .join(' UNION ALL '),
      parts.flatMap(([, parameters]) => parameters),
    );
  const rows = await (narrowing === undefined ? read() : asLongRead(read));
  const found = new Map(rows.map(({ value, count }) => [value, Number(count)]));
  const counts = values.flatMap((value) => {
    const count = found.get(value);
    return count === undefined ? [] : [[value, Math.min(count, most)] as const];
  });
  const sums = narrowing === undefined ? [...found.values()] : [sumOf(found.values())];
  const hasMore = (await narrowing?.leadsToMoreThan?.(most)) ?? false;
  return { counts: new Map(counts), atLeast: hasMore || sums.some((sum) => sum > most) };
}

const sumOf = (counts: Iterable<number>): number => [...counts].reduce((sum, count) => sum + count, 0);
