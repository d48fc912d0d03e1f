import { Refusal } from '@libs/errors';

import { type EntityTag, readEntityTags } from './entity-tag.js';

export type PreconditionName = 'If-Match' | 'If-None-Match';

/** The tags that the header lists. Refuses what is no list of entity tags: nobody can know what was meant by it. */
export function readPrecondition(name: PreconditionName, header: string): '*' | readonly EntityTag[] {
  const tags = readEntityTags(header);
  if (tags !== undefined) return tags;
  const message = 'Send entity tags as they came in ETag, for instance "3" or "3", "4", or *.';
  throw new Refusal('REQUEST_HEADER_INVALID', { errors: [{ field: name, code: 'INVALID_FORMAT', message }] });
}
