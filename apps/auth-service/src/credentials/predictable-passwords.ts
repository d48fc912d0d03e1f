/** The rows and columns of a keyboard, and the alphabet; digits go on from 9 to 0. */
const walks = [
  'abcdefghijklmnopqrstuvwxyz',
  '12345678901234567890',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
  '1qaz',
  '2wsx',
  '3edc',
  '4rfv',
  '5tgb',
  '6yhn',
  '7ujm',
];

const steps: ReadonlySet<string> = new Set(
  walks.flatMap((walk) => {
    const pairs = [...walk].slice(1).map((character, at) => `${walk.charAt(at)}${character}`);
    return [...pairs, ...pairs.map((pair) => `${pair.charAt(1)}${pair.charAt(0)}`)];
  }),
);

/** In pieces that are walked through, up or down, or repeat one character: this long on average, they are no secret. */
const shortestWalk = 3;

/** What is made of one short piece over and over, or of walks along the keyboard or the alphabet (SP 800-63B §3.1.1.2). */
export function isPredictablePassword(password: string): boolean {
  const characters = [...password.normalize('NFKC').toLowerCase()];
  const piece = characters.slice(0, periodOf(characters));
  return (piece.length < characters.length && piece.length <= 4) || walksIn(piece) * shortestWalk <= piece.length;
}

/** After how many characters they begin again from the first, to the end; all of them where they do not. */
function periodOf(characters: readonly string[]): number {
  for (let period = 1; period <= characters.length / 2; period += 1) {
    if (characters.every((character, at) => character === characters[at % period])) return period;
  }
  return characters.length;
}

/** How many pieces there are in which each character follows from the one before in the same direction. */
function walksIn(characters: readonly string[]): number {
  let walksSeen = 1;
  for (let at = 1; at < characters.length; at += 1) {
    const [before, here] = [characters[at - 1] ?? '', characters[at] ?? ''];
    if (before !== here && !steps.has(before + here)) walksSeen += 1;
  }
  return walksSeen;
}
