import { gatewayConfiguration } from '../apps/gateway/src/configuration/check/gateway-configuration.js';
import { compileSnapshot } from '../apps/gateway/src/runtime/snapshot.js';
import type { RoutableRequest } from '../apps/gateway/src/routes/model/routable-request.js';
import type { RouteTable } from '../apps/gateway/src/routes/table/route-table.js';

/**
 * What finding a route costs with ten routes and with ten thousand: `node dist/bench/routes.js`. The two tables are
 * asked by turns, so that what else the machine does falls on both, a thousand requests a turn. `near` asks each for
 * ten of its routes, spread over the table: what the look-up itself costs, whose ratio is to stay under 1.1. `far`
 * asks for a thousand of them, so that most of what is looked at has fallen out of the processor's nearest cache: some
 * nanoseconds that a request of tens of microseconds does not feel. Prints medians.
 */
const few = 10;
const many = 10_000;
const asked = 1_000;
const rounds = 201;

interface Shape {
  readonly route: (n: number) => Record<string, unknown>;
  /** The `m`th request for this route. */
  readonly request: (n: number, m: number) => Partial<RoutableRequest>;
}

const shapes: Readonly<Record<string, Shape>> = {
  'exact paths': {
    route: (n) => ({ path: `/service-${id(n)}/status` }),
    request: (n) => ({ path: `/service-${id(n)}/status` }),
  },
  parameters: {
    route: (n) => ({ path: `/service-${id(n)}/things/{id}` }),
    request: (n, m) => ({ path: `/service-${id(n)}/things/${m}` }),
  },
  prefixes: {
    route: (n) => ({ path: `/service-${id(n)}/**` }),
    request: (n, m) => ({ path: `/service-${id(n)}/things/${m}/parts` }),
  },
  hosts: {
    route: (n) => ({ host: `tenant-${id(n)}.example.com`, path: '/**' }),
    request: (n) => ({ host: `tenant-${id(n)}.example.com`, path: '/things/7' }),
  },
  'hosts with a star': {
    route: (n) => ({ host: `*.tenant-${id(n)}.example.com`, path: '/**' }),
    request: (n) => ({ host: `www.tenant-${id(n)}.example.com`, path: '/things/7' }),
  },
  'values of one header': {
    route: (n) => ({ path: '/things/{id}', headers: [{ name: 'X-Tenant', is: `tenant-${id(n)}` }] }),
    request: (n) => ({ path: '/things/7', headers: { ...headers, 'x-tenant': `tenant-${id(n)}` } }),
  },
};

/** As long for the first route as for the last: a longer name would cost more by itself. */
const id = (n: number): string => String(n).padStart(5, '0');

const headers = {
  host: 'api.example.com',
  'user-agent': 'bench/1.0',
  accept: 'application/json',
  'accept-encoding': 'gzip, br',
  authorization: 'Bearer token',
};

function tableOf({ route }: Shape, count: number): RouteTable {
  const routes = Array.from({ length: count }, (_, n) => ({ id: `r${n}`, service: 'service', ...route(n) }));
  const services = { service: { instances: [{ url: 'http://127.0.0.1:1' }] } };
  return compileSnapshot(gatewayConfiguration.parse({ services, routes: routes as never })).routes;
}

/** `distinct`: for how many routes. */
const requestsFor = ({ request }: Shape, count: number, distinct: number): RoutableRequest[] =>
  Array.from({ length: asked }, (_, m) => ({
    method: 'GET',
    host: 'api.example.com',
    path: '/',
    query: '',
    headers,
    ...request(Math.floor(((m % distinct) * count) / distinct), m),
  }));

function nanosecondsOf(table: RouteTable, requests: readonly RoutableRequest[]): number {
  const start = process.hrtime.bigint();
  for (const request of requests) if (table.find(request) === undefined) throw new Error('found nothing');
  return Number(process.hrtime.bigint() - start) / requests.length;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

const nanoseconds = (cost: number): string => `${cost.toFixed(0)} ns`.padStart(7);

for (const [name, shape] of Object.entries(shapes)) {
  const tables = [few, many].map((count) => ({ count, table: tableOf(shape, count) }));
  for (const [distance, distinct] of [
    ['near', 10],
    ['far', asked],
  ] as const) {
    const subjects = tables.map(({ count, table }) => ({
      table,
      requests: requestsFor(shape, count, Math.min(count, distinct)),
      costs: [] as number[],
    }));
    for (let round = -20; round < rounds; round++) {
      for (const { table, requests, costs } of round % 2 === 0 ? subjects : subjects.toReversed()) {
        const cost = nanosecondsOf(table, requests);
        if (round >= 0) costs.push(cost);
      }
    }
    const [small = 0, large = 0] = subjects.map(({ costs }) => median(costs));
    console.log(
      `${name.padEnd(20)} ${distance.padEnd(4)} ${few} routes ${nanoseconds(small)}, ` +
        `${many} routes ${nanoseconds(large)}: ${(large / small).toFixed(2)} times`,
    );
  }
}
