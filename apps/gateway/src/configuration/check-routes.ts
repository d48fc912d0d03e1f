import { normalisePath } from '../edge/normalise-path.js';
import { isForbiddenPath } from '../route/forbidden-path.js';
import { ownPaths } from '../route/own-paths.js';
import { parsePathPattern, type PathPattern, placeOf } from '../route/path-pattern.js';
import type { Report } from './check-references.js';
import { proxiedMethods, type RouteConfig } from './route.schema.js';

const own: ReadonlySet<string> = new Set(Object.values(ownPaths));

/** Finds paths that can never match, and routes that no request could tell apart. */
export function checkRoutes(routes: readonly RouteConfig[], report: Report): void {
  const ids = new Map<string, number>();
  const places = new Map<string, string>();
  routes.forEach((route, index) => {
    const earlier = ids.get(route.id);
    if (earlier === undefined) ids.set(route.id, index);
    else report(['routes', index, 'id'], `is the id of routes.${earlier} too`);

    const pattern = patternOf(route.path, ['routes', index, 'path'], report);
    if (pattern === undefined) return;
    if (own.has(route.path)) report(['routes', index, 'path'], 'is answered by the gateway itself');
    checkRewrite(route, pattern, index, report);
    checkPlace(route, pattern, index, places, report);
  });
}

function patternOf(text: string, path: (string | number)[], report: Report): PathPattern | undefined {
  try {
    const pattern = parsePathPattern(text);
    const literal = text.replaceAll(/\{\w+\}|\*\*$/g, 'x');
    if (normalisePath(literal) !== literal) throw new Error('is not in normal form, so no request would match it');
    if (isForbiddenPath(text)) throw new Error('is never reachable through the gateway');
    return pattern;
  } catch (error) {
    report(path, (error as Error).message);
    return undefined;
  }
}

function checkRewrite({ rewrite }: RouteConfig, from: PathPattern, index: number, report: Report): void {
  if (rewrite === undefined) return;
  const at = ['routes', index, 'rewrite'];
  const to = patternOf(rewrite, at, report);
  if (to === undefined) return;
  if (to.hasRest && !from.hasRest) report(at, 'ends in /**, but the path does not');
  const known = new Set(from.segments.map((segment) => ('parameter' in segment ? segment.parameter : '')));
  for (const segment of to.segments) {
    if ('parameter' in segment && !known.has(segment.parameter)) report(at, `the path has no {${segment.parameter}}`);
  }
}

function checkPlace(
  { id, host, methods }: RouteConfig,
  pattern: PathPattern,
  index: number,
  places: Map<string, string>,
  report: Report,
): void {
  for (const method of methods ?? proxiedMethods) {
    const place = `${method} ${placeOf(host, pattern)}`;
    const other = places.get(place);
    if (other !== undefined) return report(['routes', index, 'path'], `takes the same requests as the route ${other}`);
    places.set(place, id);
  }
}
