import { invalidField, Refusal } from '@libs/errors';

/** Calls carry an entity tag as a field, where REST has `If-Match`; an empty one expects no version in particular. */
export function expectedVersion(etag: string): number | undefined {
  if (etag === '') return undefined;
  const tag = /^"([\x21\x23-\x7e]{0,64})"$/.exec(etag)?.[1];
  if (tag === undefined) throw invalidField('etag', 'INVALID_FORMAT', 'Send the etag as it was read');
  if (!/^[1-9]\d{0,14}$/.test(tag)) throw new Refusal('RESOURCE_CHANGED');
  return Number(tag);
}
