import { Refusal } from '@libs/errors';

const strongTag = /^"([\x21\x23-\x7e\x80-\xff]*)"$/;

/** What stands between the quotes of an entity tag (RFC 9110 §8.8.3), or undefined if the text is none. */
export const readEntityTag = (text: string): string | undefined => strongTag.exec(text)?.[1];

/** A tag that is none of ours belongs to no version, so it fails as a changed one does. */
export function versionOf(tag: string): number {
  if (!/^(?:0|[1-9]\d{0,14})$/.test(tag)) throw new Refusal('RESOURCE_CHANGED');
  return Number(tag);
}
