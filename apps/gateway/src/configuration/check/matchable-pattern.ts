import { normalisePath } from '../../http/normalise-path.js';
import { isForbiddenPath } from '../../http/forbidden-path.js';
import { parsePathPattern, type PathPattern } from '../../http/path-pattern.js';
import type { Report } from './check-references.js';
import type { RouteConfig } from '../schema/route.schema.js';

/** A pattern that requests can match, and that leads where requests may go. */
export function matchablePattern(
  text: string,
  at: (string | number)[],
  route: RouteConfig,
  report: Report,
): PathPattern | undefined {
  const foreign = foreignSpelling(text);
  if (foreign !== undefined) {
    report(at, foreign);
    return undefined;
  }
  const pattern = normalPattern(text, at, route, report);
  if (pattern === undefined || !isForbiddenPath(text)) return pattern;
  report(at, 'is never reachable through the gateway');
  return undefined;
}

const foreignSpellings: readonly (readonly [RegExp, string])[] = [
  [/\/:\w/, 'writes a parameter as /:name; here it is /{name}'],
  [/\/<[^/]*>/, 'writes a parameter as /<name>; here it is /{name}'],
  [/\/\[[^/]*\]/, 'writes a parameter as /[name]; here it is /{name}'],
  [/\{\w+:[^/]*\}|\{\w+[*?]\}/, 'says more of a parameter than its name; here it is /{name}, for one segment'],
  [/\/\*\w|\/\*$|\/\*\//, 'writes a star for a segment or for the rest; here it is /{name} or /**'],
  [/\.[*+]|\\|\/\^|\$$|\(\?|\|/, 'is written as a regular expression; here it is a path with {parameters} and /**'],
  [/\?/, 'has a question mark, which no path has; ask for parameters in query'],
];

/** A path in the spelling of another router would match nothing here, or only what nobody asks for. */
const foreignSpelling = (text: string): string | undefined =>
  foreignSpellings.find(([spelling]) => spelling.test(text.replace(/\/\*\*$/, '')))?.[1];

/** A pattern in the form that paths have once they are past the edge. */
export function normalPattern(
  text: string,
  at: (string | number)[],
  { encodedSlashes }: RouteConfig,
  report: Report,
): PathPattern | undefined {
  try {
    const pattern = parsePathPattern(text);
    const literal = text.replaceAll(/\{\w+\}|\*\*$/g, 'x');
    const normal = normalisePath(literal, { keepsEncodedSlashes: encodedSlashes === 'keep' });
    if (normal !== literal) throw new Error('is not in normal form, so no request would match it');
    return pattern;
  } catch (error) {
    report(at, (error as Error).message);
    return undefined;
  }
}
