import type { ExpectedVersion } from '@libs/persistence';

/** An entity tag as RFC 9110 §8.8.3 writes it; `opaque` stands between the quotes. */
export interface EntityTag {
  readonly opaque: string;
  readonly isWeak: boolean;
}

const element = /[ \t]*(?:(W\/)?"([\x21\x23-\x7e\x80-\xff]*)")?[ \t]*(?:,|$)/y;

/** What `If-Match` and `If-None-Match` hold: `*` or a list of entity tags. Undefined if it is neither. */
export function readEntityTags(header: string): '*' | readonly EntityTag[] | undefined {
  if (header.trim() === '*') return '*';
  const tags: EntityTag[] = [];
  element.lastIndex = 0;
  while (element.lastIndex < header.length) {
    const match = element.exec(header);
    if (match === null) return undefined;
    // RFC 9110 §5.6.1.2: elements may be empty.
    if (match[2] !== undefined) tags.push({ opaque: match[2], isWeak: match[1] !== undefined });
  }
  return tags.length === 0 ? undefined : tags;
}

/** The one tag that the text is, without anything around it; undefined if it is none, or a weak one. */
export function readEntityTag(text: string): string | undefined {
  return /^"([\x21\x23-\x7e\x80-\xff]*)"$/.exec(text)?.[1];
}

/** RFC 9110 §8.8.3.2: for changes both must be strong, for what may be left out it is enough that they say the same. */
export const matches = (tags: '*' | readonly EntityTag[], current: EntityTag, comparison: 'strong' | 'weak'): boolean =>
  tags === '*' ||
  tags.some(
    ({ opaque, isWeak }) => opaque === current.opaque && (comparison === 'weak' || (!isWeak && !current.isWeak)),
  );

/** What the tags of a list expect by the strong comparison. A tag that is none of ours belongs to no version. */
export const versionsOf = (tags: '*' | readonly EntityTag[]): ExpectedVersion =>
  tags === '*' ? 'any' : tags.filter(({ isWeak }) => !isWeak).flatMap(({ opaque }) => versionOf(opaque) ?? []);

/** The version in a tag of ours. What comes behind it tells answers apart, not versions. */
export function versionOf(opaque: string): number | undefined {
  const version = /^(0|[1-9]\d{0,14})(?:\.[\w-]{8})?$/.exec(opaque)?.[1];
  return version === undefined ? undefined : Number(version);
}
