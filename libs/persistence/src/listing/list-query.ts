import { z } from 'zod';

export const defaultPageSize = 20;
export const largestPageSize = 100;

/** The query of every list; see `Listing` for what `orderBy` and `filter` may say. */
export const ListQuery = z.strictObject({
  pageSize: z.coerce.number().int().min(1).max(largestPageSize).default(defaultPageSize),
  pageToken: z.string().max(2048).optional(),
  orderBy: z.string().max(200).optional(),
  filter: z.string().max(1000).optional(),
});

export type ListQuery = z.infer<typeof ListQuery>;
