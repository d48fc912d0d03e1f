import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { compileSnapshot } from '../../runtime/snapshot.js';
import { readRequest, readRoutes } from '../case-routes.fixture.js';
import type { RoutableRequest } from '../model/routable-request.js';
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
    const subjects = [10, 10_000].map((count) => ({
      table: tableFrom(Array.from({ length: count }, (_, n) => route(n)).join('\n')),
      asked: readRequest(request(count - 1)),
      best: Number.POSITIVE_INFINITY,
    }));
    // By turns, and the best of many: what else the machine does makes a round slower, never quicker.
    for (let round = 0; round < 200; round++) {
      for (const subject of subjects) {
        const start = performance.now();
        for (let run = 0; run < 1_000; run++) subject.table.find(subject.asked);
        subject.best = Math.min(subject.best, performance.now() - start);
      }
    }
    const [few, many] = subjects;
    expect(many?.best).toBeLessThan(3 * (few?.best ?? 0) + 0.1);
  });
});
