import fc from 'fast-check';

import { proxiedMethods } from '../http/methods.js';
import { route, type RouteConfig } from '../configuration/schema/route.schema.js';
import type { RoutableRequest } from './model/routable-request.js';

// Few words, so that routes and requests meet often.
const word = fc.constantFrom('a', 'b');
const value = fc.constantFrom('1', '2', '12', '');

const path = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', '{}'), { maxLength: 3 }), fc.constantFrom('', '/', '/**'))
  .map(([segments, end]) => {
    const text = segments.map((segment, index) => (segment === '{}' ? `/{p${index}}` : `/${segment}`)).join('') + end;
    return text === '' ? '/' : text;
  });

const predicate = fc.tuple(
  fc.constantFrom('x', 'y', 'z'),
  fc.oneof(
    value.map((is) => ({ is })),
    fc.uniqueArray(value, { minLength: 1, maxLength: 3 }).map((oneOf) => ({ oneOf })),
    fc.constantFrom('1', '2').map((startsWith) => ({ startsWith })),
    fc.constantFrom('1', '2').map((contains) => ({ contains })),
    fc.boolean().map((present) => ({ present })),
  ),
);

const predicates = fc
  .uniqueArray(predicate, { maxLength: 2, selector: ([name]) => name })
  .map((found) => found.map(([name, condition]) => ({ name, ...condition })));

const fewPredicates = fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: predicates });

const host = fc.option(
  fc.constantFrom('a.example', 'b.example', 'a.b.example', '*.example', '*.b.example', '*.a.b.example'),
  { nil: undefined },
);

const routeWithoutId = fc.record({
  path,
  host,
  methods: fc.option(fc.uniqueArray(fc.constantFrom(...proxiedMethods), { minLength: 1, maxLength: 3 }), {
    nil: undefined,
  }),
  headers: fewPredicates,
  query: fewPredicates,
  priority: fc.integer({ min: -2, max: 2 }),
});

export const randomRoutes: fc.Arbitrary<RouteConfig[]> = fc
  .array(routeWithoutId, { minLength: 1, maxLength: 40 })
  .map((routes) => routes.map((config, index) => route.parse({ id: `r${index}`, service: 'echo', ...config })));

/** Many routes at one place, as one would write for tenants or versions, mostly told apart by their values. */
export const crowdedRoutes: fc.Arbitrary<RouteConfig[]> = fc
  .array(fc.record({ headers: predicates, query: fewPredicates, priority: fc.integer({ min: 0, max: 1 }) }), {
    minLength: 9,
    maxLength: 60,
  })
  .map((routes) =>
    routes.map((config, index) => route.parse({ id: `r${index}`, service: 'echo', path: '/a', ...config })),
  );

export const randomRequest: fc.Arbitrary<RoutableRequest> = fc
  .record({
    method: fc.constantFrom(...proxiedMethods, 'PROPFIND'),
    host: fc.constantFrom('a.example', 'B.example:80', 'a.b.example', 'x.a.b.example.', 'example', 'other'),
    segments: fc.array(fc.oneof(word, fc.constant('d')), { maxLength: 4 }),
    end: fc.constantFrom('', '/'),
    headers: fc.dictionary(fc.constantFrom('x', 'y', 'z'), value),
    query: fc.array(fc.tuple(fc.constantFrom('x', 'y', 'z'), value), { maxLength: 4 }),
  })
  .map(({ method, host, segments, end, headers, query }) => ({
    method,
    host,
    path: segments.length === 0 ? '/' : `/${segments.join('/')}${end}`,
    headers,
    query: query.length === 0 ? '' : `?${query.map(([name, text]) => `${name}=${text}`).join('&')}`,
  }));
