/** More different letters than a search has. SQLite takes a thousand expressions within one another. */
const mostLetters = 100;

interface Folded {
  /** SQL with the parameters that `parameters` has. */
  readonly condition: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Whether a column holds a text, in upper or lower case, to the same answer on every database: LOWER knows ASCII alone in
 * SQLite, so the other letters of the text, which are all that can make a difference, are named. Letters without a single
 * counterpart stay apart: `İ` is found as it is, and by MySQL not in every case.
 */
export function holdsInAnyCase(column: string, text: string, name: string): Folded {
  const letters = [...text].map(lower);
  const others = [...new Set(letters)].filter((letter) => upper(letter) !== letter && letter > '\u007f');
  const parameters: Record<string, string> = { [name]: letters.join('') };
  const folded = others.slice(0, mostLetters).reduce((expression, letter, at) => {
    Object.assign(parameters, { [`${name}Upper${at}`]: upper(letter), [`${name}Lower${at}`]: letter });
    return `REPLACE(${expression}, :${name}Upper${at}, :${name}Lower${at})`;
  }, `LOWER(${column})`);
  return { condition: `INSTR(${folded}, :${name}) > 0`, parameters };
}

/** Letter by letter: what becomes two letters, as in `STRASSE`, is another text. */
const lower = (letter: string): string => alone(letter.toLowerCase(), letter);
const upper = (letter: string): string => alone(letter.toUpperCase(), letter);
const alone = (changed: string, letter: string): string => ([...changed].length === 1 ? changed : letter);
