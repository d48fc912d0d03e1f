import type { ProxiedMethod } from '../../http/methods.js';
import type { RouteConfig } from '../../configuration/schema/route.schema.js';
import { parsePathPattern, type PathPattern } from '../../http/path-pattern.js';
import { compileHeaderPredicate, compilePredicate, type Predicate } from './predicate.js';

/** Which requests a route lays claim to. */
export interface RouteClaim {
  readonly id: string;
  /** Undefined: any host. `*.example.com`: any name below it. */
  readonly host: string | undefined;
  /** Undefined: every method that the gateway proxies. */
  readonly methods: ReadonlySet<ProxiedMethod> | undefined;
  readonly pattern: PathPattern;
  readonly headers: readonly Predicate[];
  readonly query: readonly Predicate[];
  /** Decides among claims that are equally specific. */
  readonly priority: number;
}

/** Throws a plain `Error` if the path is no pattern. */
export const compileClaim = (route: RouteConfig): RouteClaim => ({
  id: route.id,
  host: route.host,
  methods: route.methods === undefined ? undefined : new Set(route.methods),
  pattern: parsePathPattern(route.path),
  headers: route.headers.map(compileHeaderPredicate),
  query: route.query.map(compilePredicate),
  priority: route.priority,
});
