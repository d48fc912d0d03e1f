import { isProxiedMethod, proxiedMethods } from '../../http/methods.js';
import { plainHost } from '../../http/host-name.js';
import { placeOf } from '../../http/path-pattern.js';
import { PathTable } from './path-table.js';
import { Place } from './place.js';
import { RequestValues } from './request-values.js';
import type { RoutableRequest } from '../model/routable-request.js';
import type { RouteModel } from '../model/route.model.js';

/**
 * All routes, immutable once built. The gateway's own addresses go first, then the routes of the host that was asked
 * for, then those of `*.` and the longest part of its name, then those of any host.
 */
export class RouteTable {
  /** Whether some route wants encoded slashes; if none does, the edge refuses them all. */
  readonly keepsEncodedSlashes: boolean;
  private readonly own = new PathTable();
  private readonly anyHost = new PathTable();
  private readonly byHost = new Map<string, PathTable>();
  /** By what follows the star: `.example.com`. */
  private readonly byDomain = new Map<string, PathTable>();

  constructor(readonly routes: readonly RouteModel[]) {
    this.keepsEncodedSlashes = routes.some((route) => route.keepsEncodedSlashes);
    for (const place of groupByPlace(routes)) {
      const [route] = place.routes;
      if (route !== undefined) this.tableFor(route).add(route.pattern, place);
    }
  }

  /** The most specific route that takes the request. */
  find(request: RoutableRequest): RouteModel | undefined {
    if (!isProxiedMethod(request.method)) return undefined;
    return this.own.find(request) ?? this.findByHost(request) ?? this.anyHost.find(request);
  }

  /** The routes that would take the request with another method, the most specific place first. */
  findWithAnyMethod(request: RoutableRequest): RouteModel[] {
    const values = new RequestValues(request);
    return [...this.placesOf(request)].flatMap(({ routes }) => routes.filter((route) => values.meet(route)));
  }

  private findByHost(request: RoutableRequest): RouteModel | undefined {
    if (this.byHost.size === 0 && this.byDomain.size === 0) return undefined;
    const host = plainHost(request.host);
    const found = this.byHost.get(host)?.find(request);
    if (found !== undefined || this.byDomain.size === 0) return found;
    for (let dot = host.indexOf('.', 1); dot !== -1; dot = host.indexOf('.', dot + 1)) {
      const below = this.byDomain.get(host.slice(dot))?.find(request);
      if (below !== undefined) return below;
    }
    return undefined;
  }

  private *placesOf({ host, path }: RoutableRequest): Generator<Place> {
    yield* this.own.placesAt(path);
    const name = plainHost(host);
    yield* this.byHost.get(name)?.placesAt(path) ?? [];
    for (let dot = name.indexOf('.', 1); dot !== -1; dot = name.indexOf('.', dot + 1)) {
      yield* this.byDomain.get(name.slice(dot))?.placesAt(path) ?? [];
    }
    yield* this.anyHost.placesAt(path);
  }

  private tableFor({ host, target }: RouteModel): PathTable {
    if (target.kind === 'own') return this.own;
    if (host === undefined) return this.anyHost;
    return host.startsWith('*') ? existing(this.byDomain, host.slice(1)) : existing(this.byHost, host);
  }
}

/** What may be asked of these routes. */
export function methodsOf(routes: readonly RouteModel[]): readonly string[] {
  const methods = new Set<string>();
  for (const route of routes) {
    for (const method of route.methods ?? proxiedMethods) {
      methods.add(method);
      if (method === 'GET') methods.add('HEAD');
    }
  }
  return [...methods];
}

function groupByPlace(routes: readonly RouteModel[]): Place[] {
  const groups = new Map<string, RouteModel[]>();
  for (const route of routes) {
    const key = route.target.kind === 'own' ? `own ${route.pattern.text}` : placeOf(route.host, route.pattern);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [route]);
    else group.push(route);
  }
  return Array.from(groups.values(), (group) => new Place(group));
}

function existing(tables: Map<string, PathTable>, key: string): PathTable {
  const table = tables.get(key) ?? new PathTable();
  tables.set(key, table);
  return table;
}
