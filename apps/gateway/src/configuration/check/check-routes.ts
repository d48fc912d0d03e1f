import { findConflicts } from '../../routes/conflicts.js';
import { ownPaths } from '../../routes/model/own-paths.js';
import { compileClaim } from '../../routes/model/route-claim.js';
import type { Report } from './check-references.js';
import { checkTarget } from './check-target.js';
import { matchablePattern } from './matchable-pattern.js';
import type { RouteConfig } from '../schema/route.schema.js';

const own: ReadonlySet<string> = new Set(Object.values(ownPaths));

/** Finds paths that can never match, and routes that no request could tell apart. */
export function checkRoutes(routes: readonly RouteConfig[], report: Report): void {
  const ids = new Map<string, number>();
  const sound: { readonly route: RouteConfig; readonly index: number }[] = [];
  routes.forEach((route, index) => {
    const earlier = ids.get(route.id);
    if (earlier === undefined) ids.set(route.id, index);
    else report(['routes', index, 'id'], `is the id of routes.${earlier} too`);

    checkNamedOnce(route, index, report);
    checkAnonymous(route, index, report);
    const pattern = matchablePattern(route.path, ['routes', index, 'path'], route, report);
    if (pattern === undefined) return;
    if (own.has(route.path)) report(['routes', index, 'path'], 'is answered by the gateway itself');
    checkTarget(route, pattern, index, report);
    sound.push({ route, index });
  });

  for (const conflict of findConflicts(sound.map(({ route }) => compileClaim(route)))) {
    const at = sound[conflict.index]?.index ?? 0;
    report(
      ['routes', at, 'path'],
      `takes the same requests as the route ${conflict.with.id}; tell them apart, or give one a higher priority`,
    );
  }
}

/** Who need not say who they are has no roles and no scopes. */
function checkAnonymous({ access }: RouteConfig, index: number, report: Report): void {
  if (access.authenticated) return;
  for (const option of ['roles', 'scopes'] as const) {
    if (access[option].length === 0) continue;
    report(['routes', index, 'access', option], 'contradicts authenticated: false, which lets everybody in');
  }
}

/** Two predicates on one name are better one predicate, or two routes. */
function checkNamedOnce({ headers, query }: RouteConfig, index: number, report: Report): void {
  const seen = new Set<string>();
  headers.forEach(({ name }, at) => {
    const key = name.toLowerCase();
    if (seen.has(key)) report(['routes', index, 'headers', at, 'name'], `${name} is asked for twice`);
    seen.add(key);
  });
  const asked = new Set<string>();
  query.forEach(({ name }, at) => {
    if (asked.has(name)) report(['routes', index, 'query', at, 'name'], `${name} is asked for twice`);
    asked.add(name);
  });
}
