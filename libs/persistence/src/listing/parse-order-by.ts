import { invalidField } from '@libs/errors';

import type { SortKey } from './list-fields.js';

/** `name desc, createdAt`: AIP-132. The id comes last, so that no two rows are in the same place. */
export function parseOrderBy(orderBy: string, orderable: readonly string[]): SortKey[] {
  const keys = orderBy.split(',').map((part) => parseKey(part, orderable));
  if (new Set(keys.map((key) => key.field)).size < keys.length) {
    throw invalidField('orderBy', 'DUPLICATE', 'orderBy names a field twice.');
  }
  if (keys.some((key) => key.field === 'id')) return keys;
  return [...keys, { field: 'id', direction: keys[0]?.direction ?? 'ASC' }];
}

function parseKey(part: string, orderable: readonly string[]): SortKey {
  const [, field = '', direction = 'asc'] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/.exec(part) ?? [];
  if (!orderable.includes(field)) {
    throw invalidField('orderBy', 'INVALID', `orderBy is a list of ${orderable.join(', ')}, each with asc or desc.`);
  }
  return { field, direction: direction === 'desc' ? 'DESC' : 'ASC' };
}
