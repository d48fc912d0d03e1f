import type { ProxiedMethod } from '../configuration/route.schema.js';
import { type PathPattern, splitPath } from './path-pattern.js';
import type { RouteModel } from './route.model.js';

export type RouteMatch =
  | { readonly kind: 'found'; readonly route: RouteModel }
  /** There are routes at this path, with these methods. */
  | { readonly kind: 'other-method'; readonly allow: ReadonlySet<ProxiedMethod> }
  | { readonly kind: 'none' };

interface Node {
  readonly literals: Map<string, Node>;
  parameter: Node | undefined;
  /** Routes whose pattern ends here. */
  exact: RouteModel[];
  /** Routes whose pattern ends here with `/**`. */
  rest: RouteModel[];
}

const newNode = (): Node => ({ literals: new Map(), parameter: undefined, exact: [], rest: [] });

type Visit = (routes: readonly RouteModel[]) => boolean;

/**
 * The routes of one host, or of any host. Paths without parameters are found in a map; the others in a trie of
 * segments, where at each segment a literal is tried before a parameter and a parameter before `/**`. What a
 * look-up costs depends on the length of the path, not on the number of routes.
 */
export class PathTable {
  private readonly fixed = new Map<string, RouteModel[]>();
  private readonly root = newNode();

  add(route: RouteModel): void {
    if (!route.pattern.hasRest && route.pattern.segments.every((segment) => 'literal' in segment)) {
      const routes = this.fixed.get(route.pattern.text) ?? [];
      this.fixed.set(route.pattern.text, [...routes, route]);
      return;
    }
    const node = this.nodeFor(route.pattern);
    (route.pattern.hasRest ? node.rest : node.exact).push(route);
  }

  /** Shows all routes that match, the most specific first, until `visit` says that it has what it wants. */
  visitMatches(path: string, segments: readonly string[], visit: Visit): boolean {
    const fixed = this.fixed.get(path);
    if (fixed !== undefined && visit(fixed)) return true;
    return visitBelow(this.root, segments, 0, visit);
  }

  private nodeFor(pattern: PathPattern): Node {
    let node = this.root;
    for (const segment of pattern.segments) {
      if ('literal' in segment) {
        const child: Node = node.literals.get(segment.literal) ?? newNode();
        node.literals.set(segment.literal, child);
        node = child;
      } else {
        node = node.parameter ??= newNode();
      }
    }
    return node;
  }
}

function visitBelow(node: Node, segments: readonly string[], index: number, visit: Visit): boolean {
  const segment = segments[index];
  if (segment === undefined) {
    return (node.exact.length > 0 && visit(node.exact)) || (node.rest.length > 0 && visit(node.rest));
  }
  const literal = node.literals.get(segment);
  if (literal !== undefined && visitBelow(literal, segments, index + 1, visit)) return true;
  // A parameter stands for something: `/users/` is not `/users/{id}`.
  if (node.parameter !== undefined && segment !== '' && visitBelow(node.parameter, segments, index + 1, visit))
    return true;
  return node.rest.length > 0 && visit(node.rest);
}

/** All routes, immutable once built. Routes of the host that was asked for go before those of any host. */
export class RouteTable {
  private readonly anyHost = new PathTable();
  private readonly byHost = new Map<string, PathTable>();

  constructor(readonly routes: readonly RouteModel[]) {
    for (const route of routes) this.tableFor(route.host).add(route);
  }

  match(method: string, host: string, path: string): RouteMatch {
    const allow = new Set<ProxiedMethod>();
    let found: RouteModel | undefined;
    const visit: Visit = (candidates) => {
      found = candidates.find((route) => takes(route, method));
      if (found === undefined) for (const route of candidates) addMethods(allow, route);
      return found !== undefined;
    };
    const segments = splitPath(path);
    const ofHost = this.byHost.size === 0 ? undefined : this.byHost.get(host);
    if (ofHost?.visitMatches(path, segments, visit) !== true) this.anyHost.visitMatches(path, segments, visit);

    if (found !== undefined) return { kind: 'found', route: found };
    return allow.size === 0 ? { kind: 'none' } : { kind: 'other-method', allow };
  }

  private tableFor(host: string | undefined): PathTable {
    if (host === undefined) return this.anyHost;
    const table = this.byHost.get(host) ?? new PathTable();
    this.byHost.set(host, table);
    return table;
  }
}

/** HEAD asks for the headers that GET would bring, so a route of GET takes both (RFC 9110 §9.3.2). */
function takes({ methods }: RouteModel, method: string): boolean {
  if (methods === undefined) return true;
  return methods.has(method as ProxiedMethod) || (method === 'HEAD' && methods.has('GET'));
}

function addMethods(allow: Set<ProxiedMethod>, { methods }: RouteModel): void {
  for (const method of methods ?? []) {
    allow.add(method);
    if (method === 'GET') allow.add('HEAD');
  }
}
