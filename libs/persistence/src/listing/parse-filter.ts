import { invalidField, type Refusal } from '@libs/errors';

import type { Comparison, Filterable, FilterKind, Operator } from './list-fields.js';
import { readTime } from './read-time.js';

export const mostComparisons = 10;

/** One comparison: a field, an operator, and a value in quotes or a plain word. */
const comparison = /\s*(\w+)\s*(!=|<=|>=|[=<>:])\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([\w.+-]+))\s*/y;
const conjunction = /AND\s+/y;

const operators: Readonly<Record<'text' | 'id' | 'time' | 'number' | 'boolean' | 'word', readonly Operator[]>> = {
  text: ['=', '!=', ':'],
  id: ['=', '!='],
  word: ['=', '!='],
  boolean: ['=', '!='],
  time: ['=', '!=', '<', '<=', '>', '>='],
  number: ['=', '!=', '<', '<=', '>', '>='],
};

export const operatorsOf = (kind: FilterKind): readonly Operator[] =>
  operators[typeof kind === 'string' ? kind : 'word'];

/** The part of AIP-160 that an index can serve: comparisons joined by AND, as in `status = "active" AND name : "foo"`. */
export function parseFilter(filter: string, filterable: Filterable): Comparison[] {
  const found: Comparison[] = [];
  for (let position = 0; ;) {
    const [text, field = '', operator = '=', double, single, bare] = matchAt(comparison, filter, position) ?? [];
    if (text === undefined) throw invalid(`cannot be read from character ${position + 1}`);
    const quoted = double ?? single;
    found.push(compare(field, operator as Operator, quoted?.replaceAll(/\\(.)/gs, '$1') ?? bare ?? '', filterable));
    if (found.length > mostComparisons) throw invalid(`has more than ${mostComparisons} comparisons`);
    position += text.length;
    if (position === filter.length) return found;
    const and = matchAt(conjunction, filter, position);
    if (and === null) throw invalid(`needs AND at character ${position + 1}`);
    position += and[0].length;
  }
}

function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}

function compare(field: string, operator: Operator, text: string, filterable: Filterable): Comparison {
  const kind = Object.hasOwn(filterable, field) ? filterable[field] : undefined;
  if (kind === undefined) throw invalid(`knows only ${Object.keys(filterable).join(', ')}`);
  const allowed = operatorsOf(kind);
  if (!allowed.includes(operator)) throw invalid(`allows ${allowed.join(' ')} with ${field}`);
  const value = valueOf(kind, text);
  if (value === undefined) throw invalid(`has no valid value for ${field}`);
  return { field, operator, value };
}

function valueOf(kind: FilterKind, text: string): Comparison['value'] | undefined {
  if (text.includes('\0')) return undefined;
  switch (kind) {
    case 'text':
      return text;
    case 'id':
      return text.toLowerCase();
    case 'number':
      return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'time':
      return readTime(text);
    default:
      return kind.includes(text) ? text : undefined;
  }
}

const invalid = (problem: string): Refusal => invalidField('filter', 'INVALID', `The filter ${problem}.`);
