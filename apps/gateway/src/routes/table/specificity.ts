import type { PathPattern } from '../../http/path-pattern.js';
import type { RouteClaim } from '../model/route-claim.js';

/** What tells two routes apart, in the order in which it counts. docs/routing.md says it in full. */
const specificityLevels = ['host', 'path', 'method', 'headers', 'query', 'priority'] as const;
export type SpecificityLevel = (typeof specificityLevels)[number];

/** Below zero: `a` goes first. Zero: equally specific, or never in each other's way. */
type Compare = (a: RouteClaim, b: RouteClaim, method: string) => number;

const comparisons: Readonly<Record<SpecificityLevel, Compare>> = {
  host: (a, b) => hostRank(a.host) - hostRank(b.host),
  path: (a, b) => comparePatterns(a.pattern, b.pattern),
  method: (a, b, method) => methodRank(a, method) - methodRank(b, method),
  headers: (a, b) => b.headers.length - a.headers.length,
  query: (a, b) => b.query.length - a.query.length,
  priority: (a, b) => b.priority - a.priority,
};

/** Two routes of one host, one path and one method. */
export function compareWithinPlace(a: RouteClaim, b: RouteClaim): number {
  return comparisons.headers(a, b, '') || comparisons.query(a, b, '') || comparisons.priority(a, b, '');
}

/** Two routes that both match a request of this method: which goes first, and what decides it. */
export function compareSpecificity(
  a: RouteClaim,
  b: RouteClaim,
  method: string,
): { readonly level: SpecificityLevel; readonly order: number } | undefined {
  for (const level of specificityLevels) {
    const order = comparisons[level](a, b, method);
    if (order !== 0) return { level, order };
  }
  return undefined;
}

/** Names are at most 253 characters long. */
const exactHost = -1_000;

/** An exact host, then the longest name with a star, then any host. */
function hostRank(host: string | undefined): number {
  if (host === undefined) return 0;
  return host.startsWith('*') ? -host.length : exactHost;
}

/** At the first segment where they differ: a literal, then a parameter, then the end with `/**`. */
function comparePatterns(a: PathPattern, b: PathPattern): number {
  const length = Math.max(a.segments.length, b.segments.length);
  for (let index = 0; index <= length; index++) {
    const order = segmentRank(a, index) - segmentRank(b, index);
    if (order !== 0) return order;
  }
  return 0;
}

function segmentRank({ segments, hasRest }: PathPattern, index: number): number {
  const segment = segments[index];
  if (segment === undefined) return hasRest ? 2 : 0;
  return 'literal' in segment ? 0 : 1;
}

function methodRank({ methods }: RouteClaim, method: string): number {
  if (methods === undefined) return 2;
  return methods.has(method as 'GET') ? 0 : 1;
}
