import { invalidField, Refusal } from '@libs/errors';

import { readEntityTag, versionOf } from './entity-tag.js';

/** gRPC calls carry an entity tag as a field, where REST has `If-Match`; an empty one expects no version in particular. */
export function expectedVersion(etag: string): number | undefined {
  if (etag === '') return undefined;
  const tag = readEntityTag(etag);
  if (tag === undefined) throw invalidField('etag', 'INVALID_FORMAT', 'Send the etag as it was read.');
  const version = versionOf(tag);
  if (version === undefined) throw new Refusal('RESOURCE_CHANGED');
  return version;
}
