import { z } from 'zod';

import { describeFilter, describeOrderBy, orderByPattern } from './describe-list.js';
import type { ListingOptions } from './list-fields.js';

export const defaultPageSize = 20;
export const largestPageSize = 100;

/** The query of every list; `listQueryOf` adds what `orderBy` and `filter` of a certain one may say. */
export const ListQuery = z.strictObject({
  pageSize: z.coerce
    .number()
    .int()
    .min(1)
    .max(largestPageSize)
    .default(defaultPageSize)
    .describe(
      'How many items a page has at most. One with fewer, or none, is the last only if `nextPageToken` is empty: a filter is looked for in so many rows at a time.',
    ),
  pageToken: z
    .string()
    .max(2048)
    .optional()
    .describe('`nextPageToken` of the page before, with the same `orderBy` and `filter`; absent for the first page.'),
  orderBy: z.string().max(200).optional(),
  filter: z.string().max(1000).optional(),
});

export type ListQuery = z.infer<typeof ListQuery>;

export function listQueryOf(options: ListingOptions): typeof ListQuery {
  const { orderBy, filter } = ListQuery.shape;
  return ListQuery.extend({
    orderBy: orderBy.meta({
      description: describeOrderBy(options),
      pattern: orderByPattern(options),
      examples: [options.defaultOrder],
    }),
    filter: filter.meta(describeFilter(options)),
  });
}
