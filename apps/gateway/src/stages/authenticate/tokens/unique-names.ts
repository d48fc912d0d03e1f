/** Strings with the colon behind them if they are names, and whatever opens or closes. */
const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[[\]{}]/gs;

/**
 * False when an object of this JSON, at any depth, has a name twice. RFC 8259 §4 leaves open which one counts, so two
 * readers of one token may read two different things. Takes valid JSON only.
 */
export function hasUniqueNames(json: string): boolean {
  const open: Set<string>[] = [];
  for (const [token, colon] of json.matchAll(tokens)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (colon !== undefined) {
      const names = open.at(-1);
      const name = JSON.parse(token.slice(0, -colon.length)) as string;
      if (names?.has(name)) return false;
      names?.add(name);
    }
  }
  return true;
}
