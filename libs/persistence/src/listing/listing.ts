import { invalidField } from '@libs/errors';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

import { asLongRead } from '../database/long-reads.js';
import type { ListingOptions, Narrowing, SortKey } from './list-fields.js';
import { defaultPageSize, largestPageSize, type ListQuery, listQueryOf } from './list-query.js';
import { type KeyKind, type PagePlace, readPageToken, writePageToken } from './page-token.js';
import { parseFilter } from './parse-filter.js';
import { ListedRows } from './listed-rows.js';
import { rowsAtOnce, rowsOfReach } from './reach.js';
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
 *
 * No page looks at more than `rowsOfReach`. Where an index leads to what is asked for, or there are no more than that, it is
 * found at once. Otherwise the list is walked in its order, and a page that has come so far ends there: it may hold few items
 * or none, and its token goes on.
 */
export class Listing<E extends ObjectLiteral & { id: string }> {
  /** The schema of the query, with what this list can be ordered and filtered by. */
  readonly query: typeof ListQuery;

  constructor(
    readonly options: ListingOptions,
    private readonly reach = { atOnce: rowsAtOnce, atMost: rowsOfReach },
  ) {
    this.query = listQueryOf(options);
  }

  /** The query may join what a row has one of; it must have no order of its own. */
  async page(query: SelectQueryBuilder<E>, request: PageRequest, narrowing?: Narrowing): Promise<Page<E>> {
    const pageSize = checkedPageSize(request.pageSize);
    const orderBy = request.orderBy || this.options.defaultOrder;
    const filter = request.filter?.trim() ?? '';
    const keys = parseOrderBy(orderBy, this.options.orderable);
    const comparisons = filter === '' ? [] : parseFilter(filter, this.options.filterable ?? {});
    const list = [orderBy, filter];
    const kinds = keys.map(({ field }) => kindOf(query, field));
    const place = request.pageToken ? readPageToken(request.pageToken, list, kinds) : undefined;

    const rows = new ListedRows(
      query,
      keys,
      place,
      comparisons,
      narrowing,
      'few' in this.options.size ? undefined : this.options.size,
    );
    const { found, end } = await this.read(rows, pageSize + 1);
    const items = found.slice(0, pageSize);
    const last = found.length > pageSize ? items.at(-1) : end;
    const nextPageToken = last === undefined ? '' : writePageToken(placeOf(keys, last), list);
    return { items, nextPageToken };
  }

  private async read(rows: ListedRows<E>, limit: number): Promise<{ found: E[]; end?: E | undefined }> {
    const { size } = this.options;
    if ('few' in size) return { found: await rows.all(limit) };
    const isWalked = rows.isOrderedBy(size.walks);
    if (isWalked && !rows.areNarrowed) return { found: await rows.walked(limit) };
    const { atOnce, atMost } = this.reach;
    if (isWalked && (await rows.endOfWalk(atOnce)) === undefined) return { found: await rows.walked(limit) };
    if (!isWalked && !(await rows.areMoreThan(atOnce))) return { found: await rows.all(limit) };

    for (const way of rows.waysBy([...size.walks, ...(size.finds ?? [])])) {
      if (!(await way.leadsToMoreThan(atMost))) return { found: await asLongRead(() => way.sorted(limit)) };
    }
    if (isWalked) {
      const end = await rows.endOfWalk(atMost);
      return { found: await asLongRead(() => rows.walked(limit, end)), end };
    }
    if (await rows.areMoreThan(atMost)) throw tooManyToSort(size.walks, atMost);
    return { found: await asLongRead(() => rows.all(limit)) };
  }
}

const placeOf = <E extends ObjectLiteral>(keys: readonly SortKey[], row: E): PagePlace =>
  keys.map(({ field }) => row[field] as PagePlace[number]);

const tooManyToSort = (walks: readonly string[], reach: number) =>
  invalidField(
    'orderBy',
    'TOO_MANY',
    `More than ${reach} would have to be sorted: order by one of ${walks.join(', ')}, or filter for fewer.`,
  );

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
