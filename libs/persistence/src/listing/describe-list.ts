import type { Filterable, FilterKind, ListingOptions, Many } from './list-fields.js';
import { rowsOfReach } from './reach.js';
import { mostComparisons, operatorsOf } from './parse-filter.js';

const code = (text: string): string => `\`${text}\``;

/** What `orderBy` of a list may say, in words. */
export const describeOrderBy = ({ orderable, defaultOrder, size }: ListingOptions): string =>
  `Fields with \`asc\` or \`desc\`, separated by commas; \`asc\` if neither is said. Fields: ${orderable.map(code).join(', ')}. ` +
  `Without it: ${code(defaultOrder)}.${'few' in size ? '' : boundOf(size)}`;

const boundOf = ({ walks }: Many): string =>
  ` Where there are more than ${rowsOfReach}, by one of ${walks.map(code).join(', ')} alone.`;

/** The same as a pattern, without flags. */
export function orderByPattern({ orderable }: ListingOptions): string {
  const key = `\\s*(?:${orderable.join('|')})(?:\\s+(?:asc|desc))?\\s*`;
  return `^${key}(?:,${key})*$`;
}

const nameOf = (kind: FilterKind): string => (typeof kind === 'string' ? kind : kind.map(code).join(' or '));

/** What `filter` of a list may say: each field with the operators that it allows, and one comparison as an example. */
export function describeFilter({ filterable = {} }: ListingOptions): { description: string; examples: string[] } {
  const fields = Object.entries(filterable).map(
    ([field, kind]) => `- ${code(field)} (${nameOf(kind)}): ${operatorsOf(kind).map(code).join(' ')}`,
  );
  if (fields.length === 0) return { description: 'This list cannot be filtered.', examples: [] };
  return {
    description: [
      `Comparisons joined by \`AND\`, at most ${mostComparisons}: a field, an operator, and a value in quotes or a plain word. ` +
        '`:` is true of a text that holds the value, in upper or lower case. Times are RFC 3339.',
      '',
      ...fields,
    ].join('\n'),
    examples: [exampleOf(filterable)],
  };
}

const values: Readonly<Record<Exclude<FilterKind, readonly string[]>, string>> = {
  text: '"light"',
  id: '"01890a5d-ac96-774b-bcce-b302099a8057"',
  time: '"2026-01-31T12:00:00Z"',
  number: '10',
  boolean: 'true',
};

function exampleOf(filterable: Filterable): string {
  const [[field, kind] = ['', 'text' as const]] = Object.entries(filterable);
  return `${field} ${operatorsOf(kind).at(-1)} ${typeof kind === 'string' ? values[kind] : `"${kind[0]}"`}`;
}
