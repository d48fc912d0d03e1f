import { normalisePath } from '../edge/normalise-path.js';
import { isForbiddenPath } from '../route/forbidden-path.js';
import { parsePathPattern, type PathPattern } from '../route/path-pattern.js';
import type { Report } from './check-references.js';
import type { RouteConfig } from './route.schema.js';

/** A pattern that requests can match, and that leads where requests may go. */
export function matchablePattern(
  text: string,
  at: (string | number)[],
  route: RouteConfig,
  report: Report,
): PathPattern | undefined {
  const pattern = normalPattern(text, at, route, report);
  if (pattern === undefined || !isForbiddenPath(text)) return pattern;
  report(at, 'is never reachable through the gateway');
  return undefined;
}

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
