import { jest } from '@jest/globals';

import { createServer } from 'node:http';

import { until } from '@libs/testing';

import { bystander } from '../support/bystander.js';
import { Doors } from '../support/doors.js';
import { type Ending, endings, promise, Promiser, type Protocol, protocols } from '../support/promiser.js';
import { listening, type Upstream } from '../support/upstream.js';

jest.setTimeout(60_000);

const patienceMs = 20_000;
const client = '127.0.0.2';
const atOnce = 8;

/** What is on a connection when it ends. */
const loads: Readonly<Record<string, (promiser: Promiser, path: string) => void>> = {
  'a body that was announced': (promiser, path) => promiser.announce(path, 1_000_000),
  'a body that has begun': (promiser, path) => {
    promiser.announce(path);
    promiser.bring(10);
  },
  'a request that waits for its answer': (promiser, path) => promiser.ask(path),
};

const cases = protocols.flatMap((protocol) =>
  (Object.keys(endings) as Ending[])
    .filter((how) => endings[how](protocol))
    .flatMap((how) => Object.keys(loads).map((load) => ({ protocol, how, load }))),
);

/** A client that is silent, or that says goodbye and stays, may still wait for an answer. */
const mayStillWait = ({ how, load }: (typeof cases)[number]): boolean =>
  load === 'a request that waits for its answer' && (how === 'silence' || how === 'GOAWAY');

describe('a connection that ends', () => {
  let upstream: Upstream;
  let doors: Doors;
  let promisers: Promiser[] = [];

  beforeAll(async () => {
    // Nobody is ever answered at /held.
    const server = createServer((request, response) => {
      request.on('error', () => undefined).resume();
      if (request.url?.endsWith('/held') !== true) response.end('ok');
    });
    upstream = await listening(server);
    doors = await Doors.open({
      limits: { bodyGrace: '1s' },
      rateLimits: { few: { key: 'route', algorithm: 'concurrency', quota: atOnce, lease: '30s' } },
      services: { echo: { instances: [{ url: upstream.url }], connections: atOnce, clientShare: 100 } },
      routes: [
        { id: 'all', path: '/**', service: 'echo', access: { authenticated: false }, rateLimits: ['few'] },
        // Here a body may come however slowly: what ends is noticed for itself.
        {
          id: 'patient',
          path: '/patient/**',
          service: 'echo',
          access: { authenticated: false },
          rateLimits: ['few'],
          bodyRate: '0B',
        },
      ],
    });
  });
  afterAll(async () => {
    await doors.close();
    await upstream.close();
  });
  afterEach(async () => {
    for (const promiser of promisers) promiser.close();
    await until(() => Promise.all(protocols.map(running)), isNone, patienceMs);
  });

  const running = (protocol: Protocol): Promise<number> => doors.to(protocol).metric('gateway_requests_running');
  const isNone = (counts: readonly number[]): boolean => counts.every((count) => count === 0);

  it.each(cases)('by $how takes along what was on it over $protocol: $load', async ({ protocol, how, load }) => {
    const gateway = doors.to(protocol);
    const place = how === 'silence' ? '' : '/patient';
    promisers = await promise(atOnce, { port: gateway.port, protocol, address: client }, (promiser) =>
      loads[load]?.(promiser, `${place}/held`),
    );
    await until(
      () => running(protocol),
      (count) => count === atOnce,
      patienceMs,
    );
    for (const promiser of promisers) promiser.end(how);
    if (mayStillWait({ protocol, how, load })) return;

    await until(async () => [await running(protocol)], isNone, patienceMs);
    expect(await bystander(gateway, protocol, { path: `${place}/other` })).toBe(200);
    // What it held is free, so that none of the connections and places is lost.
    for (const promiser of promisers) promiser.close();
    const others = Array.from({ length: atOnce }, () => bystander(gateway, protocol, { path: `${place}/other` }));
    expect(new Set(await Promise.all(others))).toEqual(new Set([200]));
  });
});
