import { invalidField } from '@libs/errors';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

import type { Comparison, ListingOptions, SortKey } from './list-fields.js';
import { defaultPageSize, largestPageSize, type ListQuery, listQueryOf } from './list-query.js';
import { type KeyKind, type PagePlace, readPageToken, writePageToken } from './page-token.js';
import { parseFilter } from './parse-filter.js';
import { holdsInAnyCase } from './fold-case.js';
import { parseOrderBy } from './parse-order-by.js';

/** As the caller sent it. Empty texts and 0 mean the default, as they do in gRPC. */
export interface PageRequest {
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
  readonly orderBy?: string | undefined;
  readonly filter?: string | undefined;
}

export interface Page<E> {
  readonly items: E[];
  /** Empty at the end of the list. */
  readonly nextPageToken: string;
}

/**
 * Pages through the rows of a query. A page starts after the last row of the one before it and not at a number of rows,
 * so that rows which come and go meanwhile are neither skipped nor shown twice, and late pages cost no more than early ones.
 */
export class Listing<E extends ObjectLiteral & { id: string }> {
  /** The schema of the query, with what this list can be ordered and filtered by. */
  readonly query: typeof ListQuery;

  constructor(private readonly options: ListingOptions) {
    this.query = listQueryOf(options);
  }

  /** The query may join what a row has one of; it must have no order of its own. */
  async page(query: SelectQueryBuilder<E>, request: PageRequest): Promise<Page<E>> {
    const pageSize = checkedPageSize(request.pageSize);
    const orderBy = request.orderBy || this.options.defaultOrder;
    const filter = request.filter?.trim() ?? '';
    const keys = parseOrderBy(orderBy, this.options.orderable);
    const comparisons = filter === '' ? [] : parseFilter(filter, this.options.filterable ?? {});
    const list = [orderBy, filter];

    comparisons.forEach((comparison, index) => narrow(query, comparison, `filter${index}`));
    if (request.pageToken) {
      const kinds = keys.map(({ field }) => kindOf(query, field));
      startAfter(query, keys, readPageToken(request.pageToken, list, kinds));
    }
    for (const { field, direction } of keys) query.addOrderBy(`${query.alias}.${field}`, direction);

    const rows = await query.limit(pageSize + 1).getMany();
    const items = rows.slice(0, pageSize);
    const last = items.at(-1);
    const nextPageToken =
      rows.length > pageSize && last !== undefined
        ? writePageToken(
            keys.map(({ field }) => last[field] as PagePlace[number]),
            list,
          )
        : '';
    return { items, nextPageToken };
  }
}

function checkedPageSize(pageSize: number | undefined): number {
  const wanted = pageSize || defaultPageSize;
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > largestPageSize) {
    throw invalidField('pageSize', 'OUT_OF_RANGE', `pageSize is a whole number from 1 to ${largestPageSize}.`);
  }
  return wanted;
}

function kindOf<E extends ObjectLiteral>(query: SelectQueryBuilder<E>, field: string): KeyKind {
  const type = query.expressionMap.mainAlias?.metadata.findColumnWithPropertyName(field)?.type;
  if (type === 'datetime') return 'time';
  return type === 'int' ? 'number' : 'text';
}

function narrow<E extends ObjectLiteral>(query: SelectQueryBuilder<E>, comparison: Comparison, name: string): void {
  const column = `${query.alias}.${comparison.field}`;
  if (comparison.operator === ':') {
    const { condition, parameters } = holdsInAnyCase(column, String(comparison.value), name);
    query.andWhere(condition, parameters);
  } else query.andWhere(`${column} ${comparison.operator} :${name}`, { [name]: comparison.value });
}

/** `(a, b, id) > (:a, :b, :id)`, spelled out because the keys may run in different directions. */
function startAfter<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  keys: readonly SortKey[],
  place: PagePlace,
): void {
  const column = (key: SortKey): string => `${query.alias}.${key.field}`;
  const alternatives = keys.map((key, index) => {
    const equal = keys.slice(0, index).map((earlier, at) => `${column(earlier)} = :place${at}`);
    return `(${[...equal, `${column(key)} ${key.direction === 'ASC' ? '>' : '<'} :place${index}`].join(' AND ')})`;
  });
  const values = Object.fromEntries(place.map((value, index) => [`place${index}`, value]));
  query.andWhere(`(${alternatives.join(' OR ')})`, values);
}
