import { isSign, isWord, type SqlNode, splitAt } from './sql-nodes.js';

export interface Column {
  /** In small letters; undefined for a column that stands alone. */
  readonly alias: string | undefined;
  readonly name: string;
}

const orders = ['<=', '<', '>'] as const;

/** What one comparison says, as far as it matters here. */
export type Comparison =
  /** `column = value`, or one of several values. */
  | { readonly kind: 'value'; readonly column: Column }
  /** `column <= value` and the like, and `column IS NOT NULL`, in the words after the column. */
  | { readonly kind: 'some'; readonly column: Column; readonly words: `${(typeof orders)[number]} ?` | 'IS NOT NULL' }
  | { readonly kind: 'columns'; readonly columns: readonly [Column, Column] }
  /** `0 = 1`, which is how TypeORM writes "one of none". */
  | { readonly kind: 'never' };

/** Words and signs with which a condition is more than comparisons joined by AND and OR. */
const isOther = (node: SqlNode): boolean => isWord(node, 'XOR', 'CASE') || isSign(node, '||', '&&');

/**
 * The aliases of which a condition lets pass only rows that `narrowed` accepts: with AND what any part narrows, with OR
 * what all parts do. Whatever is not understood, narrows nothing.
 */
export function narrowedBy(
  condition: readonly SqlNode[],
  narrowed: (comparison: Comparison) => readonly string[],
): ReadonlySet<string> {
  if (condition.some(isOther)) return new Set();
  const alternatives = splitAt(condition, (node) => isWord(node, 'OR')).map((alternative) => {
    const parts = partsOf(alternative).map((written) => {
      // Only tells SQLite which index to leave alone.
      const part = isSign(written[0], '+') ? written.slice(1) : written;
      const [only] = part;
      if (part.length === 1 && only?.kind === 'group') return narrowedBy(only.nodes, narrowed);
      const comparison = comparisonOf(part);
      return new Set(comparison === undefined ? [] : narrowed(comparison));
    });
    return parts.reduce<ReadonlySet<string>>((all, part) => new Set([...all, ...part]), new Set());
  });
  return alternatives.reduce((common, each) => new Set([...common].filter((alias) => each.has(alias))));
}

/** Between ANDs. The AND of a BETWEEN belongs to it. */
function partsOf(nodes: readonly SqlNode[]): SqlNode[][] {
  let inBetween = false;
  return splitAt(nodes, (node) => {
    if (isWord(node, 'BETWEEN')) inBetween = true;
    if (!isWord(node, 'AND')) return false;
    const isBorder = !inBetween;
    inBetween = false;
    return isBorder;
  });
}

function comparisonOf(part: readonly SqlNode[]): Comparison | undefined {
  if (isWord(part[0], 'NOT') && part.length === 2 && part[1]?.kind === 'group') return setOf(part[1].nodes, 'IS NULL');
  const at = part.findIndex((node) => isSign(node, '='));
  if (at !== -1) return equalityOf(part.slice(0, at), part.slice(at + 1));
  const [column, rest] = columnAt(part);
  const [word, list] = rest;
  const isList = isWord(word, 'IN') && rest.length === 2 && list?.kind === 'group' && areValues(list.nodes);
  if (column === undefined) return undefined;
  if (isList) return { kind: 'value', column };
  const order = orders.find((sign) => isSign(word, sign));
  if (order !== undefined && isValue(rest.slice(1))) return { kind: 'some', column, words: `${order} ?` };
  return setOf(part, 'IS NOT NULL');
}

function equalityOf(left: readonly SqlNode[], right: readonly SqlNode[]): Comparison | undefined {
  const [a, b] = [left, right].map(wholeColumn);
  if (a !== undefined && b !== undefined) return { kind: 'columns', columns: [a, b] };
  if (a !== undefined && isValue(right)) return { kind: 'value', column: a };
  if (b !== undefined && isValue(left)) return { kind: 'value', column: b };
  const isNever = isValue(left) && isValue(right) && `${left[0]?.text}${right[0]?.text}`.match(/^(?:01|10)$/) !== null;
  return isNever ? { kind: 'never' } : undefined;
}

function setOf(nodes: readonly SqlNode[], words: 'IS NULL' | 'IS NOT NULL'): Comparison | undefined {
  const [column, rest] = columnAt(nodes);
  const written = rest.map((node) => (node.kind === 'word' ? node.text.toUpperCase() : '?')).join(' ');
  return column !== undefined && written === words ? { kind: 'some', column, words: 'IS NOT NULL' } : undefined;
}

/** The column that the nodes begin with, and what follows it. */
function columnAt(nodes: readonly SqlNode[]): [Column | undefined, readonly SqlNode[]] {
  const [first, dot, second] = nodes;
  if (!isIdentifier(first)) return [undefined, nodes];
  if (!isSign(dot, '.')) return [{ alias: undefined, name: first.text }, nodes.slice(1)];
  if (!isIdentifier(second)) return [undefined, nodes];
  return [{ alias: first.text.toLowerCase(), name: second.text }, nodes.slice(3)];
}

function wholeColumn(nodes: readonly SqlNode[]): Column | undefined {
  const [column, rest] = columnAt(nodes);
  return rest.length === 0 ? column : undefined;
}

const isIdentifier = (node: SqlNode | undefined): node is { kind: 'word' | 'name'; text: string } =>
  node?.kind === 'name' || (node?.kind === 'word' && !isWord(node, 'NULL', 'TRUE', 'FALSE', 'NOT'));

const isValue = (nodes: readonly SqlNode[]): nodes is readonly [{ kind: 'value'; text: string }] =>
  nodes.length === 1 && nodes[0]?.kind === 'value';

const areValues = (nodes: readonly SqlNode[]): boolean =>
  splitAt(nodes, (node) => isSign(node, ',')).every((part) => isValue(part));
