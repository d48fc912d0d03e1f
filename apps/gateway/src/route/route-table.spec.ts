import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { compileSnapshot } from '../configuration/snapshot.js';
import { readRequest, readRoutes } from './case-routes.fixture.js';
import type { RoutableRequest } from './routable-request.js';
import { methodsOf, type RouteTable } from './route-table.js';

const folder = join(import.meta.dirname, 'route-table.cases');

const tableFrom = (lines: string): RouteTable => compileSnapshot(readRoutes(lines)).routes;

function outcomeOf(table: RouteTable, request: RoutableRequest): string {
  const route = table.find(request);
  if (route !== undefined) return route.id;
  const others = table.findWithAnyMethod(request);
  return others.length === 0 ? 'none' : `405 ${[...methodsOf(others)].sort().join(' ')}`;
}

describe('RouteTable', () => {
  it.each(readdirSync(folder))('%s', (file) => {
    const [routes = '', requests = ''] = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n----\n');
    const table = tableFrom(routes);
    const outcomes = requests.split('\n').map((line) => {
      const [request = ''] = line.split(' -> ');
      return `${request} -> ${outcomeOf(table, readRequest(request))}`;
    });
    expect(outcomes.join('\n')).toBe(requests);
  });

  it.each([
    { what: 'paths', route: (n: number) => `r${n} /s${n}/{id}/x`, request: (n: number) => `GET /s${n}/7/x` },
    {
      what: 'hosts',
      route: (n: number) => `r${n} /** * h${n}.example`,
      request: (n: number) => `GET /a h${n}.example`,
    },
    {
      what: 'values of a header',
      route: (n: number) => `r${n} /a * * header:X=v${n}`,
      request: (n: number) => `GET /a header:X=v${n}`,
    },
  ])('is as quick with ten thousand $what as with ten', ({ route, request }) => {
    const timeOf = (count: number): number => {
      const table = tableFrom(Array.from({ length: count }, (_, n) => route(n)).join('\n'));
      const asked = readRequest(request(count - 1));
      const look = (): void => void table.find(asked);
      for (let warm = 0; warm < 20_000; warm++) look();
      const start = performance.now();
      for (let run = 0; run < 100_000; run++) look();
      return performance.now() - start;
    };
    expect(timeOf(10_000)).toBeLessThan(3 * timeOf(10) + 10);
  });
});
