/** A statement as far as its brackets: words, quoted names, values, signs, and groups of them. */
export type SqlNode =
  | { readonly kind: 'word' | 'name' | 'value' | 'sign'; readonly text: string }
  | { readonly kind: 'group'; readonly nodes: readonly SqlNode[] };

const token =
  /\s+|(?<value>'(?:[^'\\]|'')*'|\?|\d+(?:\.\d+)?\b)|(?<word>[A-Za-z_]\w*)|[`"](?<name>\w+)[`"]|(?<sign><>|[<>!]=|\|\||&&|--|\/\*|[^\s\w'`"?])/y;

/** Comments can hide from one reader what another one sees; nobody needs them in what a program writes. */
const unreadable = new Set(['--', '/*', '#', '\\', ';']);

/** Undefined for what is not understood to its end: it may then mean anything. */
export function readSql(sql: string): readonly SqlNode[] | undefined {
  const open: SqlNode[][] = [[]];
  token.lastIndex = 0;
  while (token.lastIndex < sql.length) {
    const { groups: found } = token.exec(sql) ?? {};
    if (found === undefined) return undefined;
    const node = nodeOf(found);
    if (node === undefined) continue;
    if (node.kind === 'sign' && unreadable.has(node.text)) return undefined;
    if (node.kind === 'sign' && node.text === '(') open.push([]);
    else if (node.kind === 'sign' && node.text === ')') {
      const nodes = open.pop() ?? [];
      const outer = open.at(-1);
      if (outer === undefined) return undefined;
      outer.push({ kind: 'group', nodes });
    } else open.at(-1)?.push(node);
  }
  return open.length === 1 ? open[0] : undefined;
}

function nodeOf({ value, word, name, sign }: Record<string, string | undefined>): SqlNode | undefined {
  if (word !== undefined) return { kind: 'word', text: word };
  if (name !== undefined) return { kind: 'name', text: name };
  if (value !== undefined) return { kind: 'value', text: value };
  return sign === undefined ? undefined : { kind: 'sign', text: sign };
}

export const isWord = (node: SqlNode | undefined, ...words: readonly string[]): boolean =>
  node?.kind === 'word' && words.includes(node.text.toUpperCase());

export const isSign = (node: SqlNode | undefined, ...signs: readonly string[]): boolean =>
  node?.kind === 'sign' && signs.includes(node.text);

/** The parts between these words. */
export function splitAt(nodes: readonly SqlNode[], isBorder: (node: SqlNode) => boolean): SqlNode[][] {
  const parts: SqlNode[][] = [[]];
  for (const node of nodes) {
    if (isBorder(node)) parts.push([]);
    else parts.at(-1)?.push(node);
  }
  return parts;
}
