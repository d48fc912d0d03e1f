import fc from 'fast-check';

import { aConfiguration } from '../configuration/configuration.fixture.js';
import type { RouteConfig } from '../configuration/schema/route.schema.js';
import { compileSnapshot } from '../runtime/snapshot.js';
import { findConflicts } from './conflicts.js';
import { explainRoute } from './explain-route.js';
import { matchesButForMethod, naiveMatch } from './naive-matcher.fixture.js';
import { crowdedRoutes, randomRequest, randomRoutes } from './random-routes.fixture.js';
import type { RoutableRequest } from './model/routable-request.js';
import { compileClaim } from './model/route-claim.js';
import { methodsOf, type RouteTable } from './table/route-table.js';

const withoutConflicts = (routes: readonly RouteConfig[]): RouteConfig[] => {
  const inTheWay = new Set(findConflicts(routes.map(compileClaim)).map(({ index }) => index));
  return routes.filter((_, index) => !inTheWay.has(index));
};

const tableOf = (routes: readonly RouteConfig[]): RouteTable =>
  compileSnapshot({ ...aConfiguration(), routes: [...routes] }).routes;

const requests = fc.array(randomRequest, { minLength: 20, maxLength: 20 });

/** What is said of every table, request by request. */
function onRandomTables(tables: fc.Arbitrary<RouteConfig[]>, say: (table: Table, request: RoutableRequest) => void) {
  fc.assert(
    fc.property(tables, requests, (routes, asked) => {
      const sound = withoutConflicts(routes);
      const table = { routes: sound, compiled: tableOf(sound) };
      for (const request of asked) say(table, request);
    }),
    { numRuns: 200 },
  );
}

interface Table {
  readonly routes: readonly RouteConfig[];
  readonly compiled: RouteTable;
}

const kinds = [
  { kind: 'random tables', tables: randomRoutes },
  { kind: 'crowded places', tables: crowdedRoutes },
];

describe.each(kinds)('the table, on $kind', ({ tables }) => {
  it('finds the route that a naive matcher finds', () => {
    onRandomTables(tables, ({ routes, compiled }, request) => {
      expect(compiled.find(request)?.id).toBe(naiveMatch(routes, request)?.id);
    });
  });

  it('knows the same methods where none of them is the one asked for', () => {
    onRandomTables(tables, ({ routes, compiled }, request) => {
      const matching = routes.filter((route) => matchesButForMethod(route, request)).map(({ id }) => id);
      const found = compiled.findWithAnyMethod(request);
      expect(found.map(({ id }) => id).sort()).toEqual(matching.sort());
      expect(methodsOf(found).length > 0).toBe(matching.length > 0);
    });
  });

  it('is explained as it decides', () => {
    onRandomTables(tables, ({ routes, compiled }, request) => {
      const { winner, verdicts } = explainRoute(compiled, request);
      const expected = naiveMatch(routes, request);
      expect(winner?.id).toBe(expected?.id);
      expect(verdicts).toHaveLength(compiled.routes.length);
      expect(verdicts.filter(({ result }) => result === 'wins').map(({ route }) => route.id)).toEqual(
        expected === undefined ? [] : [expected.id],
      );
    });
  });

  /** Two equal routes that both match would show: the one that is written first would win. */
  it('never depends on the order of the configuration', () => {
    onRandomTables(tables, ({ routes, compiled }, request) => {
      expect(tableOf(routes.toReversed()).find(request)?.id).toBe(compiled.find(request)?.id);
    });
  });
});
