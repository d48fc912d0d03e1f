import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { locationFor } from './model/redirect.js';
import { gatewayConfiguration } from '../configuration/check/gateway-configuration.js';
import type { GatewayConfigurationInput } from '../configuration/schema/gateway-configuration.schema.js';
import { route } from '../configuration/schema/route.schema.js';
import { compileSnapshot } from '../runtime/snapshot.js';
import { readRequest } from './case-routes.fixture.js';
import { rewritePath } from '../http/rewrite-path.js';
import type { RoutableRequest } from './model/routable-request.js';
import type { RouteTable } from './table/route-table.js';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/routing.md'), 'utf8');

/** Every example of routes, with the requests that stand below it. */
const examples = [...page.matchAll(/```yaml\n(.*?)```(?:\n\n```text\n(.*?)```)?/gs)].map(
  ([, yaml = '', requests = '']) => ({
    routes: parse(yaml) as { id: string; service?: string }[],
    requests: requests.split('\n').filter((line) => line !== ''),
  }),
);

function tableOf(routes: readonly { service?: string }[]): RouteTable {
  const services = Object.fromEntries(
    routes.flatMap(({ service }) => (service === undefined ? [] : [[service, { instances: [{ url: 'http://a' }] }]])),
  );
  return compileSnapshot(gatewayConfiguration.parse({ services, routes } as GatewayConfigurationInput)).routes;
}

/** The route, and what it makes of the address if it changes it. */
function outcomeOf(table: RouteTable, request: RoutableRequest): string {
  const found = table.find(request);
  if (found === undefined) return 'none';
  const { id, target } = found;
  if (target.kind === 'redirect') return `${id} ${target.redirect.status} ${locationFor(target.redirect, request)}`;
  if (target.kind !== 'service' || target.rewrite === undefined) return id;
  return `${id} ${rewritePath(request.path, target.rewrite)}`;
}

describe('docs/routing.md', () => {
  it.each(examples)('has an example that is true: $routes.0.id', ({ routes, requests }) => {
    const table = tableOf(routes);
    const outcomes = requests.map((line) => {
      const [request = ''] = line.split(' -> ');
      return `${request} -> ${outcomeOf(table, readRequest(request))}`;
    });
    expect(outcomes).toEqual(requests);
  });

  it('speaks of every option of a route', () => {
    const options = Object.keys(route.shape).filter((option) => option !== 'id');
    expect(options.filter((option) => !new RegExp(`\`${option}\`|\\b${option}:`).test(page))).toEqual([]);
  });

  it('shows nothing that it does not also try', () => {
    expect(examples.length).toBe(page.match(/```yaml/g)?.length);
    expect(examples.filter(({ requests }) => requests.length > 0).length).toBe(page.match(/```text/g)?.length);
  });
});
