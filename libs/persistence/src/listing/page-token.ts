import { createHash } from 'node:crypto';

import { invalidField, type Refusal } from '@libs/errors';
import { z } from 'zod';

import { readTime } from './read-time.js';

/** A place in a list: the values of its sort keys, there. */
export type PagePlace = readonly (string | number | Date)[];

/** What a sort key holds. */
export type KeyKind = 'text' | 'number' | 'time';

const tokenContent = z.tuple([z.string(), z.array(z.union([z.string(), z.number()]))]);

/** What the token belongs to. It is good for the same order and filter only: with others it would skip rows. */
const bindingOf = (list: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 16);

/** The token holds nothing that is secret or trusted: whoever makes one up only chooses where to read on. */
export function writePageToken(place: PagePlace, list: readonly string[]): string {
  const values = place.map((value) => (value instanceof Date ? value.toISOString() : value));
  return Buffer.from(JSON.stringify([bindingOf(list), values])).toString('base64url');
}

export function readPageToken(token: string, list: readonly string[], kinds: readonly KeyKind[]): PagePlace {
  const parsed = tokenContent.safeParse(parseJson(Buffer.from(token, 'base64url').toString()));
  if (!parsed.success) throw invalid('pageToken is not one that was handed out.');
  const [binding, values] = parsed.data;
  if (binding !== bindingOf(list)) throw invalid('pageToken belongs to a list with another orderBy or filter.');
  return kinds.map((kind, index) => {
    const value = valueOf(kind, values[index]);
    if (value === undefined) throw invalid('pageToken is not one that was handed out.');
    return value;
  });
}

function valueOf(kind: KeyKind, value: string | number | undefined): PagePlace[number] | undefined {
  if (kind === 'number') return typeof value === 'number' ? value : undefined;
  if (typeof value !== 'string') return undefined;
  return kind === 'time' ? readTime(value) : value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const invalid = (message: string): Refusal => invalidField('pageToken', 'INVALID', message);
