const longest = 1_000;

/** A statement as it may be shown: without the values that somebody wrote into it, and without its line breaks. */
export const shownStatement = (statement: string): string =>
  statement
    .slice(0, 4 * longest)
    .replaceAll(/'(?:[^'\\]|\\.|'')*(?:'|$)/g, '?')
    .replaceAll(/(?<![\w`$.])-?\b\d+(?:\.\d+)?\b(?![\w`])/g, '?')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, longest);

const table = /\b(?:FROM|INTO|UPDATE|TABLE)\s+[`"]?(\w+)[`"]?(?:\s*\.\s*[`"]?(\w+))?/i;

/** What is done, and to which table if to one. */
export function operationOf(statement: string): { readonly operation: string; readonly table: string | undefined } {
  const [, first, second] = table.exec(statement) ?? [];
  return { operation: /^\s*(\w+)/.exec(statement)?.[1]?.toUpperCase() ?? 'SQL', table: second ?? first };
}
