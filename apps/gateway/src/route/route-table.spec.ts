import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { compileSnapshot } from '../configuration/snapshot.js';
import { aConfiguration } from '../configuration/configuration.fixture.js';
import type { RouteTable } from './route-table.js';

const folder = join(import.meta.dirname, 'route-table.cases');

/** `id path [methods or *] [host]` */
function tableFrom(lines: string): RouteTable {
  const routes = lines.split('\n').map((line) => {
    const [id = '', path = '', methods = '*', host] = line.split(/\s+/);
    return {
      id,
      path,
      service: 'echo',
      ...(methods === '*' ? {} : { methods: methods.split(',') as 'GET'[] }),
      ...(host === undefined ? {} : { host }),
    };
  });
  return compileSnapshot(aConfiguration({ routes })).routes;
}

function outcomeOf(table: RouteTable, request: string): string {
  const [method = '', path = '', host = 'any.example'] = request.split(' ');
  const match = table.match(method, host, path);
  if (match.kind === 'found') return match.route.id;
  return match.kind === 'none' ? 'none' : `405 ${[...match.allow].sort().join(' ')}`;
}

describe('RouteTable', () => {
  it.each(readdirSync(folder))('%s', (file) => {
    const [routes = '', requests = ''] = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n----\n');
    const table = tableFrom(routes);
    const outcomes = requests.split('\n').map((line) => {
      const [request = ''] = line.split(' -> ');
      return `${request} -> ${outcomeOf(table, request)}`;
    });
    expect(outcomes.join('\n')).toBe(requests);
  });

  it('is as quick with ten thousand routes as with ten', () => {
    const timeOf = (count: number): number => {
      const table = tableFrom(Array.from({ length: count }, (_, n) => `r${n} /s${n}/{id}/x`).join('\n'));
      const look = (): void => void table.match('GET', 'any.example', `/s${count - 1}/7/x`);
      for (let warm = 0; warm < 20_000; warm++) look();
      const start = performance.now();
      for (let run = 0; run < 100_000; run++) look();
      return performance.now() - start;
    };
    expect(timeOf(10_000)).toBeLessThan(3 * timeOf(10) + 10);
  });
});
