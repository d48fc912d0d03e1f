import type { PredicateConfig } from '../configuration/schema/predicate.schema.js';
import { proxiedMethods } from '../http/methods.js';
import type { RouteConfig } from '../configuration/schema/route.schema.js';
import type { RoutableRequest } from './model/routable-request.js';

/**
 * The rules of docs/routing.md in the plainest words, sharing nothing with the table: every route is looked at, and
 * those that match are sorted.
 */
export function naiveMatch(routes: readonly RouteConfig[], request: RoutableRequest): RouteConfig | undefined {
  return routes
    .filter((route) => takesMethod(route, request) && matchesButForMethod(route, request))
    .toSorted((a, b) => compareLists(ranks(a, request), ranks(b, request)))[0];
}

export function matchesButForMethod(route: RouteConfig, request: RoutableRequest): boolean {
  const parameters = [...new URLSearchParams(request.query)];
  return (
    takesHost(route, request) &&
    pathExpression(route).test(request.path) &&
    route.headers.every((predicate) => meets(predicate, [request.headers[predicate.name] ?? []].flat())) &&
    route.query.every((predicate) =>
      meets(
        predicate,
        parameters.filter(([name]) => name === predicate.name).map(([, value]) => value),
      ),
    )
  );
}

const hostOf = ({ host }: RoutableRequest): string => host.toLowerCase().split(':')[0]?.replace(/\.$/, '') ?? '';

function takesHost({ host }: RouteConfig, request: RoutableRequest): boolean {
  if (host === undefined) return true;
  return host.startsWith('*') ? hostOf(request).endsWith(host.slice(1)) : hostOf(request) === host;
}

function takesMethod({ methods }: RouteConfig, { method }: RoutableRequest): boolean {
  if (methods === undefined) return proxiedMethods.some((known) => known === method);
  return methods.some((known) => known === method || (known === 'GET' && method === 'HEAD'));
}

function pathExpression({ path }: RouteConfig): RegExp {
  const expression = path.replace(/\/\*\*$/, '(?:/.*)?').replaceAll(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${expression}$`);
}

function meets({ is, oneOf, startsWith, contains, present = true }: PredicateConfig, values: string[]): boolean {
  const hasCondition = [is, oneOf, startsWith, contains].some((condition) => condition !== undefined);
  if (!hasCondition) return values.length > 0 === present;
  const [value] = values;
  if (value === undefined || values.length > 1) return false;
  return (
    (is === undefined || value === is) &&
    (oneOf === undefined || oneOf.includes(value)) &&
    (startsWith === undefined || value.startsWith(startsWith)) &&
    (contains === undefined || value.includes(contains))
  );
}

/** Smaller goes first. */
function ranks({ host, path, methods, headers, query, priority }: RouteConfig, { method }: RoutableRequest): string[] {
  const count = (n: number): string => String(1000 - n).padStart(4, '0');
  const hostRank = host === undefined ? 'c' : host.startsWith('*') ? `b${count(host.length)}` : 'a';
  const pathRank = path
    .split('/')
    .slice(1)
    .map((segment) => (segment === '**' ? '3' : segment.startsWith('{') ? '2' : '1'))
    .join('');
  // The end of a path goes before `/**`, like a literal.
  const methodRank = methods === undefined ? '3' : methods.some((known) => known === method) ? '1' : '2';
  return [hostRank, `${pathRank}1`, methodRank, count(headers.length), count(query.length), count(priority)];
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (const [index, text] of a.entries()) {
    const other = b[index] ?? '';
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}
